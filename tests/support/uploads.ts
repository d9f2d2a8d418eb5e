import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { uploadContentType, uploadsPath, type AttachmentClaim } from '../../shared/api/attachments.ts'
import { newDeviceId, password } from './central-service.ts'

/** A PDF of so many bytes whose content nobody else has. */
export function pdfOf(size: number): Buffer {
  const bytes = randomBytes(size)
  bytes.write('%PDF-1.7\n')
  return bytes
}
export const jpegOf = (size: number): Buffer => Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), randomBytes(size - 4)])
export const zipOf = (size: number): Buffer => Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(size - 4)])

export const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** What a workstation says of these bytes. */
export function claimOf(bytes: Buffer, change: Partial<AttachmentClaim> = {}): AttachmentClaim {
  return {
    id: randomUUID(), registrationId: null, type: '99', fileName: '材料.pdf', mediaType: 'application/pdf', sha256: sha256Of(bytes), proofDate: null, size: bytes.length, ...change,
  }
}

/** The headers of a creation. */
export function creationHeaders({ size, ...said }: AttachmentClaim): Record<string, string> {
  const pairs = Object.entries(said).filter(([, text]) => text !== null)
  return {
    'tus-resumable': '1.0.0', 'upload-length': String(size),
    'upload-metadata': pairs.map(([key, text]) => `${key} ${Buffer.from(String(text)).toString('base64')}`).join(','),
  }
}

/** A session at a service that listens there. */
export async function signInOver(url: string, username: string): Promise<Record<string, string>> {
  const deviceId = newDeviceId()
  const reply = await fetch(`${url}/v1/password/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password, deviceId }) })
  const { token } = (await reply.json()) as { token: string }
  return { 'authorization': `Bearer ${token}`, 'device-id': deviceId }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** Of a problem. */
  readonly code: string | undefined
}

/** tus over real connections, by hand: what a client library would repeat by itself is one request here. */
export function createTusCaller(url: string, session: Readonly<Record<string, string>>) {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(url)

  async function send(method: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<Answer> {
    const call = request({ agent, hostname, port, method, path, headers: { ...session, ...headers, ...(body ? { 'content-length': String(body.length) } : {}) } })
    const answered = once(call, 'response') as Promise<[IncomingMessage]>
    call.end(body)
    const [response] = await answered
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part as Buffer)
    const whole = Buffer.concat(parts)
    const isProblem = whole.length > 0 && String(response.headers['content-type']).startsWith('application/problem+json')
    return { status: response.statusCode ?? 0, headers: response.headers, body: whole, code: isProblem ? (JSON.parse(whole.toString()) as { code: string }).code : undefined }
  }

  const at = (id: string) => `${uploadsPath}/${id}`
  const tus = { 'tus-resumable': '1.0.0' }
  const append = (id: string, offset: number, bytes: Buffer) => send('PATCH', at(id), { ...tus, 'content-type': uploadContentType, 'upload-offset': String(offset) }, bytes)

  return {
    send,
    create: (claim: AttachmentClaim) => send('POST', uploadsPath, creationHeaders(claim)),
    append,
    /** Null where there is no such upload. */
    offset: async (id: string): Promise<number | null> => {
      const { status, headers } = await send('HEAD', at(id), tus)
      return status === 200 ? Number(headers['upload-offset']) : null
    },
    end: (id: string) => send('DELETE', at(id), tus),
    /** Creation and all bytes at once. @returns the last answer */
    upload: async (bytes: Buffer, claim: AttachmentClaim, piece = bytes.length): Promise<Answer> => {
      const created = await send('POST', uploadsPath, creationHeaders(claim))
      if (created.status !== 201) return created
      for (let from = 0; ; from += piece) {
        const answer = await append(claim.id, from, bytes.subarray(from, from + piece))
        if (answer.status !== 204 || from + piece >= bytes.length) return answer
      }
    },
    /** Sends a part of what it announces, and breaks the line once the system has it and `meanwhile` is over. */
    breakOff: async (id: string, offset: number, bytes: Buffer, announced: number, meanwhile: () => unknown = () => undefined): Promise<void> => {
      const headers = { ...session, ...tus, 'content-type': uploadContentType, 'upload-offset': String(offset), 'content-length': String(announced) }
      const call = request({ hostname, port, method: 'PATCH', path: at(id), headers })
      call.on('error', () => undefined)
      await new Promise<void>((resolve) => void call.write(bytes, () => resolve()))
      await meanwhile()
      call.destroy()
    },
    close: () => agent.destroy(),
  }
}

export type TusCaller = ReturnType<typeof createTusCaller>
