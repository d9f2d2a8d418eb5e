import { requirePeer } from './install-peers.ts'

/** As much of PouchDB as is used here; its packages are not there when this is compiled. */
export interface Pouch {
  put(document: object): Promise<unknown>
  bulkDocs(documents: readonly object[]): Promise<unknown>
  get(id: string): Promise<unknown>
  info(): Promise<{ doc_count: number }>
  close(): Promise<void>
  readonly replicate: { to(url: string, tuning: Tuning): Promise<Replicated>; from(url: string, tuning: Tuning): Promise<Replicated> }
}
interface Tuning {
  readonly batch_size: number
  readonly batches_limit: number
}
interface Replicated {
  readonly ok: boolean
  readonly docs_written: number
}
export interface PouchConstructor {
  new (path: string): Pouch
  defaults(options: { prefix: string }): PouchConstructor
}

export const PouchDB = requirePeer('pouchdb') as PouchConstructor

/** Of 100 (its own), 250, 500, 1,000 and 2,500 a batch the fastest for both ways together. */
export const tuning: Tuning = { batch_size: 500, batches_limit: 10 }
