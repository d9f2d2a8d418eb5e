import * as v from 'valibot'
import { errorCodes } from '../errors/codes.ts'
import { method } from '../wire/contract.ts'
import { countSchema, instantSchema, noInput } from './common.ts'

/** Identifies one certificate on one key: `<token serial>/<CKA_ID as hex>`. Tells nothing secret. */
export const certificateIdSchema = v.pipe(v.string(), v.regex(/^[\w .-]{1,64}\/[0-9a-f]{2,128}$/))

export const pinStateSchema = v.strictObject({
  minLength: countSchema,
  maxLength: countSchema,
  /** CKF_USER_PIN_COUNT_LOW: a wrong PIN was entered since the last right one. */
  low: v.boolean(),
  /** CKF_USER_PIN_FINAL_TRY: one more wrong PIN locks the key. */
  finalTry: v.boolean(),
  /** CKF_USER_PIN_LOCKED. */
  locked: v.boolean(),
})
export type PinState = v.InferOutput<typeof pinStateSchema>

export const keyCertificateSchema = v.strictObject({
  certificateId: certificateIdSchema,
  tokenLabel: v.string(),
  tokenSerial: v.string(),
  /** 公司: organizationName of the subject, or its common name. */
  company: v.string(),
  /** 颁发者 */
  issuer: v.string(),
  notBefore: instantSchema,
  /** 到期日 */
  notAfter: instantSchema,
  /** Why it cannot be used to sign in, as an error code with its details; null when it can. */
  problem: v.nullable(v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })),
  pin: pinStateSchema,
})
export type KeyCertificate = v.InferOutput<typeof keyCertificateSchema>

export const caKeyStateSchema = v.strictObject({
  /** `starting`: the key process is coming up or being restarted. */
  phase: v.picklist(['starting', 'ready', 'no-driver']),
  /** The driver in use: its product name and file path; null with `no-driver`. */
  driver: v.nullable(v.strictObject({ name: v.string(), path: v.string() })),
  /** The driver file that the clerk once picked, whether or not it is the one in use; null: drivers are looked for. */
  chosenDriver: v.nullable(v.string()),
  certificates: v.array(keyCertificateSchema),
  /** The last fault of the key or its driver, until the next success. */
  problem: v.nullable(v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })),
})
export type CaKeyState = v.InferOutput<typeof caKeyStateSchema>

export const caKeyGroup = {
  methods: {
    state: method(noInput, caKeyStateSchema),
    /** Looks for drivers and keys again. */
    refresh: method(noInput, caKeyStateSchema),
    /** Lets the clerk pick a driver file in a dialog of the shell: a page never names a file to load. */
    chooseDriver: method(noInput, caKeyStateSchema, [
      'dialog-unavailable',
      'key-driver-not-pkcs11',
      'key-driver-missing',
      'key-driver-wrong-bits',
    ]),
    /** Goes back to looking for drivers. */
    forgetDriver: method(noInput, caKeyStateSchema),
  },
  events: { changed: caKeyStateSchema },
} as const
