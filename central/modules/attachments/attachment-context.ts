import { createSecretKey, randomBytes, type Hash } from 'node:crypto'
import * as v from 'valibot'
import { fileNameSchema, sha256Schema, type AttachmentClaim } from '../../../shared/api/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Principal } from '../../auth/auth-context.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import type { ContentFiles } from './content-files.ts'
import type { ContentKey } from './sealed-bytes.ts'

/** What the services of attachments stand on. */
export interface AttachmentContext extends ServiceContext {
  readonly files: ContentFiles
  /** Bytes that one unit may keep, those under way included. */
  readonly quotaBytes: number
  /** SHA-256 of what this process has received of an upload, by content. Of what another one has received it is read anew. */
  readonly progress: Map<string, Progress>
  readonly log: (entry: Readonly<Record<string, unknown>>) => void
}

/** Who adds or deletes one: attachments of the unit itself are its 单位管理员's. */
export type Uploader = Who & Pick<Principal, 'role' | 'sessionId'>

export interface Progress {
  /** Of the first `bytes` bytes. */
  readonly hash: Hash
  readonly bytes: number
  /** What of it is not known to be on the disk. */
  readonly durable: readonly Promise<void>[]
}

const detailsSchema = v.strictObject({ fileName: fileNameSchema, sha256: sha256Schema })
type Details = v.InferOutput<typeof detailsSchema>
type DetailsColumn = 'attachment.details' | 'attachment_upload.details'

export function sealDetails(personal: PersonalData, column: DetailsColumn, rowId: string, { fileName, sha256 }: Details): string {
  return personal.seal(JSON.stringify({ fileName, sha256 }), { column, rowId })
}

export function openDetails(personal: PersonalData, column: DetailsColumn, { id, details_sealed }: { id: string; details_sealed: string }): Details {
  return v.parse(detailsSchema, JSON.parse(personal.open(details_sealed, { column, rowId: id })))
}

interface Claimed {
  readonly id: string
  readonly size: number
  readonly registration_id: string | null
  readonly type: string
  readonly details_sealed: string
}

/** The claim of what has this id already, made again after a lost answer. @throws AppError request-malformed where its id is used for something else */
export function requireSame(personal: PersonalData, column: DetailsColumn, row: Claimed, claim: AttachmentClaim): void {
  const { sha256 } = openDetails(personal, column, row)
  const isSame = sha256 === claim.sha256 && row.size === claim.size && row.registration_id === claim.registrationId && row.type === claim.type
  if (!isSame) throw new AppError('request-malformed', { field: 'id' })
}

/** @returns sealed, for the content's row */
export function newContentKey(personal: PersonalData, contentId: string): string {
  return personal.seal(randomBytes(32).toString('base64'), { column: 'attachment_content.key', rowId: contentId })
}

export function contentKeyOf(personal: PersonalData, { content_id, key_sealed }: { content_id: string; key_sealed: string }): ContentKey {
  const key = personal.open(key_sealed, { column: 'attachment_content.key', rowId: content_id })
  return { contentId: content_id, key: createSecretKey(Buffer.from(key, 'base64')) }
}
