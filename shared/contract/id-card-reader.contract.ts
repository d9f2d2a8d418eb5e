import * as v from 'valibot'
import { method } from '../wire/contract.ts'
import { noInput } from './common.ts'

const text = v.pipe(v.string(), v.maxLength(200))

/** What the chip of an ID card holds, as far as a registration takes it. The number has been checked and agrees with sex and birth date. */
export const idCardSchema = v.strictObject({
  idCardNo: text,
  name: text,
  /** Code of the dictionary `ethnicity`; '' where the chip's own word is not in it. */
  ethnicity: text,
  /** 住址 as printed; not split into region and detail. */
  address: text,
  /** yyyy-MM-dd, 长期, or '' where the reader does not tell. */
  validUntil: text,
})
export type IdCard = v.InferOutput<typeof idCardSchema>

export const idCardReaderGroup = {
  methods: {
    /** The reader of this workstation; null where it has none. */
    state: method(noInput, v.strictObject({ reader: v.nullable(v.strictObject({ label: v.string() })) }), ['not-signed-in', 'locked']),
    /** Reads the card that lies on the reader now. Nothing of it is kept on this side. */
    read: method(noInput, idCardSchema, [
      'not-signed-in', 'locked', 'id-card-reader-missing', 'id-card-reader-failed', 'id-card-none', 'id-card-unreadable', 'id-card-expired',
    ]),
  },
  events: {},
} as const
