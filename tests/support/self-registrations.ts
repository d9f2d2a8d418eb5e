import { hash, randomBytes, randomUUID } from 'node:crypto'
import type { SelfRegistrationRequest, WorkChallenge, WorkSolution } from '../../shared/api/self-registrations.ts'
import { noticeVersion, selfPhotos, selfRegistrationFields, type SelfPhoto, type SelfRegistrationTexts } from '../../shared/domain/self-registration.ts'
import { fileProject } from './approval-feed.ts'
import { newKey, type Call, type Central, type Clerk, type Reply, type Unit } from './central-service.ts'
import { workerValues } from './people.ts'

export const newToken = () => randomBytes(32).toString('base64url')

/** What a phone would have typed for this person. */
export function textsOf(person: number, changes: Partial<SelfRegistrationTexts> = {}): SelfRegistrationTexts {
  const values = workerValues(person)
  return { ...(Object.fromEntries(selfRegistrationFields.map((field) => [field, values[field]])) as SelfRegistrationTexts), ...changes }
}

const noWork: WorkSolution = { algorithm: 'SHA-256', challenge: '0'.repeat(64), salt: 'salt&', signature: '0'.repeat(64), number: 1 }

export const submissionOf = (person: number, changes: Partial<SelfRegistrationRequest> = {}): SelfRegistrationRequest => ({
  id: randomUUID(), token: newToken(), code: 'ZZZZZZZZZZ', values: textsOf(person), consent: { noticeVersion, at: new Date().toISOString() }, work: noWork, ...changes,
})

/** Begins like a JPEG, and differs by number. */
export const jpegOf = (index: number, size = 2_000): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(`photo ${index}`), Buffer.alloc(size, index)])

/** As the phone does, only faster. */
export function solve({ maxnumber, ...signed }: WorkChallenge): WorkSolution {
  for (let number = 0; number <= maxnumber; number++) {
    if (hash('sha256', signed.salt + String(number)) === signed.challenge) return { ...signed, number }
  }
  throw new Error('no solution')
}

/** A unit's project with a poster, as a clerk has it made. */
export async function putUpPoster(central: Central, clerk: Clerk & { unit: Unit }): Promise<{ code: string; projectId: string; projectNo: string }> {
  const { id, projectNo } = await fileProject(central, clerk.unit)
  await clerk.call('linkProject', { body: { projectId: id } })
  const { body } = await clerk.call('issuePosterCodes', { body: { projectIds: [id], evenStopped: false }, headers: { 'idempotency-key': newKey() } })
  const [item] = body['items'] as { code: string }[]
  return { code: item?.code ?? '', projectId: id, projectNo }
}

/** A worker's phone. */
export function phoneOf(central: Pick<Central, 'send'>, code: string) {
  const work = async () => solve((await central.send('createWorkChallenge')).body as unknown as WorkChallenge)
  const send = async (request: SelfRegistrationRequest): Promise<Reply> => central.send('submitSelfRegistration', { body: request })
  const asking = ({ id, token }: Pick<SelfRegistrationRequest, 'id' | 'token'>): Call => ({ params: { id }, headers: { 'submission-token': token } })
  const phone = {
    work, send,
    fillIn: async (person: number, changes: Partial<SelfRegistrationRequest> = {}) => submissionOf(person, { code, work: await work(), ...changes }),
    photo: (mine: Pick<SelfRegistrationRequest, 'id' | 'token'>, photo: SelfPhoto, bytes: Buffer = jpegOf(selfPhotos.indexOf(photo))) => {
      const { params, headers } = asking(mine)
      return central.send('sendSelfRegistrationPhoto', { params: { ...params, photo }, headers: { ...headers, 'content-type': 'image/jpeg' }, body: bytes })
    },
    own: (mine: Pick<SelfRegistrationRequest, 'id' | 'token'>) => central.send('readOwnSelfRegistration', asking(mine)),
    /** Form and photos. */
    sendWhole: async (request: SelfRegistrationRequest): Promise<Reply[]> => [await send(request), await phone.photo(request, 'id-card'), await phone.photo(request, 'portrait')],
  }
  return phone
}
