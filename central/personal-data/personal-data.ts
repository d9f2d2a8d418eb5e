import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import type { PersonalKeys } from './personal-keys.ts'

/** Where a sealed text stands. Part of what is authenticated: a value moved to another row or column does not open. */
export interface Place {
  readonly column:
    | 'person.id_card_no' | 'registration.mobile' | 'registration.residence_detail' | 'registration.values' | 'organization.contact_phone'
    | 'attachment_content.key' | 'attachment.details' | 'attachment_upload.details'
    | 'departure.note' | 'transfer_request.id_card_no' | 'transfer_request.name' | 'transfer_request.refusal' | 'reveal.words' | 'filed_person.id_card_no' | 'filed_person.name'
    | 'self_registration.values' | 'self_registration.reason'
    | 'face_check.decision_reason' | 'registration_face.withdrawal_reason' | 'face_data.template' | 'face_data.picture'
  readonly rowId: string
}

export interface PersonalData {
  /** Name of the key that seals; what it has sealed begins with it and a dot. */
  readonly current: string
  /** Tells one set of keys from another and nothing of either. */
  readonly fingerprint: string
  /** `k1.<base64url of iv, ciphertext and tag>`; AES-256-GCM. */
  seal(text: string, place: Place): string
  /** @throws Error where the value was altered, moved, or sealed with a key that is gone */
  open(sealed: string, place: Place): string
  /** Keyed hash of a normalised ID number, for exact match: base64url of HMAC-SHA-256. */
  hashIdCardNo(normalized: string): string
  hashMobile(mobile: string): string
  /** Keyed hash of a request's content. */
  hashPayload(content: string): string
  /** Keyed hash of a file's SHA-256 in a unit: the same file of another unit has another one. */
  hashContent(organizationId: string, sha256: string): string
  /** Keyed hash of an audit event with the one before it. */
  hashAudit(text: string): string
}

/** Protects ID numbers, phones and addresses in their columns (PIPL art. 51, GB/T 35273-2020 6.3). */
export function createPersonalData(keys: PersonalKeys): PersonalData {
  const aad = ({ column, rowId }: Place) => Buffer.from(`${column}:${rowId}`)
  // Made once: a cipher that is given the bytes of a key spends most of its time on making one of them.
  const [hashKey, sealingKeys] = [createSecretKey(keys.hashKey), new Map([...keys.keys].map(([id, bytes]) => [id, createSecretKey(bytes)]))]
  // A prefix a kind: the same digits as ID number and as phone have unlike hashes.
  const hash = (kind: string, text: string) => createHmac('sha256', hashKey).update(`${kind}\u0000${text}`).digest('base64url')
  let [fresh, used] = [Buffer.alloc(0), 0]
  // Asking the system for twelve bytes takes as long as for some thousand.
  const nextIv = (): Buffer => {
    if (used === fresh.length) [fresh, used] = [randomBytes(12 * 256), 0]
    return fresh.subarray(used, (used += 12))
  }
  const keyOf = (id: string): KeyObject => {
    const key = sealingKeys.get(id)
    if (!key) throw new Error(`personal data sealed with an unknown key ${id}`)
    return key
  }
  return {
    current: keys.current,
    fingerprint: hash('fingerprint', ''),
    seal: (text, place) => {
      const iv = nextIv()
      const cipher = createCipheriv('aes-256-gcm', keyOf(keys.current), iv).setAAD(aad(place))
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${keys.current}.${sealed.toString('base64url')}`
    },
    open: (sealed, place) => {
      const dot = sealed.indexOf('.')
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', keyOf(sealed.slice(0, dot)), bytes.subarray(0, 12)).setAAD(aad(place))
      decipher.setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
    hashIdCardNo: (normalized) => hash('id-card-no', normalized),
    hashMobile: (mobile) => hash('mobile', mobile),
    hashPayload: (content) => hash('payload', content),
    hashContent: (organizationId, sha256) => hash('content', `${organizationId} ${sha256}`),
    hashAudit: (text) => hash('audit', text),
  }
}
