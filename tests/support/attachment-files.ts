import { randomBytes } from 'node:crypto'
import { attachmentChunkSize } from '../../shared/contract/attachment-chunk.ts'
import type { Attachment } from '../../shared/contract/attachments.contract.ts'
import type { HostPorts } from '../../electron/host/ports.ts'
import type { BridgeServices } from '../../shared/contract/index.ts'
import { dialogsCancelled } from './shell-ports.ts'

/** Bytes that begin as this kind does; what follows is noise that no two calls share. */
export function contentOf(kind: 'jpeg' | 'png' | 'pdf' | 'zip', size: number): Buffer {
  const heads = { jpeg: Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), png: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), pdf: Buffer.from('%PDF-1.7\n'), zip: Buffer.from('504b030414000000', 'hex') }
  const bytes = randomBytes(size)
  heads[kind].copy(bytes)
  return bytes
}

export interface ToAdd {
  recordId: string | null
  content: Buffer
  type?: string
  name?: string
  proofDate?: string | null
}

type Calls = Pick<BridgeServices['attachments'], 'beginAdding' | 'addChunk' | 'finishAdding'>

/** 添加文件, as the page does it. */
export async function addFile(calls: Calls, { recordId, content, type = '99', name = '文件.pdf', proofDate = null }: ToAdd): Promise<Attachment> {
  const { id } = await calls.beginAdding({ recordId, type, name, size: content.length, proofDate })
  for (let offset = 0; offset < content.length; offset += attachmentChunkSize) {
    await calls.addChunk({ id, offset, chunk: content.subarray(offset, offset + attachmentChunkSize).toString('base64') })
  }
  return calls.finishAdding({ id })
}

/** The whole content, as the page reads it for a preview. */
export async function readWhole({ read }: Pick<BridgeServices['attachments'], 'read'>, id: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for (let offset = 0; ; ) {
    const { chunk, size } = await read({ id, offset })
    const part = Buffer.from(chunk, 'base64')
    parts.push(part)
    offset += part.length
    if (offset >= size || part.length === 0) return Buffer.concat(parts)
  }
}

/** A shell whose user answers 下载 with this place. */
export const dialogsSavingAt = (place: () => string | null): HostPorts['dialogs'] => ({
  ...dialogsCancelled,
  saveFile: async (_options, write) => {
    const path = place()
    if (path === null) return null
    await write(path)
    return path
  },
})
