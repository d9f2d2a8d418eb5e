/** Tables of the attachments. Instants are ISO 8601 in UTC, days yyyy-MM-dd, sizes bytes. */
export interface AttachmentTables {
  attachment_content: AttachmentContentTable
  attachment_part: AttachmentPartTable
  attachment: AttachmentTable
  attachment_upload: AttachmentUploadTable
  attachment_change: { organization_id: string; owner_id: string; seq: number }
  attachment_waste: { content_id: string; since: string }
}

/** Bytes of a unit, once however many attachments they are. */
export interface AttachmentContentTable {
  id: string
  organization_id: string
  /** Keyed hash of the SHA-256; null until all is here. */
  content_hash: string | null
  media_type: string
  size: number
  /** The key that seals its files, itself sealed. */
  key_sealed: string
  created_at: string
}

/** A run of bytes in a file of its own. */
export interface AttachmentPartTable {
  content_id: string
  from_byte: number
  size: number
  /** Of the file. */
  sealed_size: number
  /** Its name in the content's folder. */
  file: string
}

export interface AttachmentTable {
  id: string
  organization_id: string
  /** Null: of the unit itself. */
  registration_id: string | null
  type: string
  proof_date: string | null
  content_id: string
  /** File name and SHA-256 as sealed JSON: people are called in names, and a hash tells who has the same file. */
  details_sealed: string
  account_id: string
  uploaded_at: string
}

export interface AttachmentUploadTable {
  /** Of the attachment that it is to become. */
  id: string
  organization_id: string
  registration_id: string | null
  type: string
  proof_date: string | null
  content_id: string
  details_sealed: string
  /** When the last byte came. */
  touched_at: string
}
