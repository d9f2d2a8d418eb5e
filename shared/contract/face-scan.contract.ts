import * as v from 'valibot'
import { faceDescriptorSchema, descriptorLength } from '../domain/face/template.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { countSchema, done, idSchema, noInput } from './common.ts'

/** Templates that one `put` carries at most: half a megabyte. */
export const facesAPut = 1_000

/**
 * Between the host and the thread that keeps the unit's descriptors in memory to look through them, and nobody else. It is told nothing of whose
 * they are but the registration's id.
 */
export const faceScanContract = {
  faces: {
    methods: {
      /** In the place of what was there of the same registrations. `descriptors`: float32, little-endian, one after the other. */
      put: method(v.strictObject({ ids: v.pipe(v.array(idSchema), v.maxLength(facesAPut)), descriptors: bytesSchema(facesAPut * descriptorLength * 4) }), done),
      /** Its place in memory is overwritten. */
      remove: method(v.strictObject({ id: idSchema }), done),
      /** The nearest ones up to a distance, nearest first. Those of `except` are not looked at. */
      nearest: method(
        v.strictObject({ descriptor: faceDescriptorSchema, within: v.pipe(v.number(), v.minValue(0)), most: countSchema, except: v.array(idSchema) }),
        v.strictObject({ compared: countSchema, found: v.array(v.strictObject({ id: idSchema, distance: v.number() })) }),
      ),
      /** Overwrites all. */
      clear: method(noInput, done),
    },
    events: {},
  },
} as const
export type FaceScanContract = typeof faceScanContract
