import type { BridgeServices } from '../../shared/contract/index.ts'
import { at, captureOf, consentOf, templateOf } from './faces.ts'
import type { Workstation } from './sync-rig.ts'

type Enrol = Parameters<BridgeServices['faces']['enrol']>[0]

let people = 61_000
/** For `personValues`; each call another one. */
export const nextPerson = (): number => ++people

export const call = <T>(answer: T | Promise<T>): Promise<T> => Promise.resolve(answer)
export const place = (recordId: string, projectId: string | null = null) => ({ recordId, projectId })

/** A picture on the ID document, as the attachment that the page has read. */
export async function addDocument(station: Workstation, recordId: string): Promise<string> {
  const id = `018f0000-0000-7000-8000-${String(nextPerson()).padStart(12, '0')}`
  await station.local.db.insertInto('attachment').values({
    id, record_id: recordId, type: '01', name: '身份证.jpg', media_type: 'image/jpeg', size: 1, sha256: '0'.repeat(64), proof_date: null, state: 'paused', kept: 1, next_at: null, problem_json: null,
    added_at: '2026-11-30T00:00:00.000Z', uploaded_at: null, uploaded_by: null, epoch: null, removed_at: null,
  }).execute()
  return id
}

export interface Sitter {
  readonly id: string
  readonly documentId: string
  readonly face: number[]
}

/** Registered, with the ID document's picture here and 同意 given. */
export async function sitter(station: Workstation, face: number[], choice = {}): Promise<Sitter> {
  const id = await station.add(nextPerson())
  const documentId = await addDocument(station, id)
  await station.faces.giveConsent({ ...place(id), choice: consentOf(choice) })
  return { id, documentId, face }
}

const enrolment = ({ id, documentId, face }: Sitter, changes: Partial<Enrol> = {}): Enrol => ({
  ...place(id), capture: captureOf(face), document: { attachmentId: documentId, template: templateOf(at(0.3, face)) }, picture: null, decision: null, notThePerson: [], reason: null, ...changes,
})
export const enrol = (station: Workstation, who: Sitter, changes: Partial<Enrol> = {}) => call(station.faces.enrol(enrolment(who, changes)))
