import * as v from 'valibot'
import { caAlgorithms } from '../domain/ca-login-bytes.ts'
import { method } from '../wire/contract.ts'
import { certificateIdSchema, keyCertificateSchema, pinStateSchema } from './ca-key.contract.ts'
import { done, noInput } from './common.ts'

const certificateInput = v.strictObject({ certificateId: certificateIdSchema })
const visible = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/))

/**
 * Between the host and the CA key process, and nobody else. The process builds what is signed from these fields; no
 * call takes bytes or a digest to sign.
 */
export const keyProcessContract = {
  keys: {
    methods: {
      load: method(v.strictObject({ path: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)) }), done),
      listCertificates: method(noInput, v.strictObject({ certificates: v.array(keyCertificateSchema) })),
      presentSerials: method(noInput, v.strictObject({ serials: v.array(v.string()) })),
      readCertificate: method(certificateInput, v.strictObject({ der: v.string() })),
      pinState: method(certificateInput, pinStateSchema),
      login: method(
        v.strictObject({ certificateId: certificateIdSchema, pin: v.pipe(v.string(), v.maxLength(300)), confirmFinalTry: v.boolean() }),
        pinStateSchema,
      ),
      sign: method(
        v.strictObject({
          certificateId: certificateIdSchema,
          statement: v.strictObject({ audience: visible, cid: visible, nonce: visible, deviceId: visible, purpose: visible }),
        }),
        v.strictObject({ alg: v.picklist(caAlgorithms), signature: v.string(), certificate: v.string() }),
      ),
      logout: method(certificateInput, done),
    },
    events: {},
  },
} as const
export type KeyProcessContract = typeof keyProcessContract
