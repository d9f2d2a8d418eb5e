import * as v from 'valibot'
import { selfRegistrationResource, waitingSelfRegistration } from '../api/self-registrations.ts'
import { largestSelfPhoto, selfPhotoSchema } from '../domain/self-registration.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, done, idSchema } from './common.ts'

/** Nothing of a form is kept on the workstation: until a clerk has checked it, it is a person of nobody (ADR 0044). */
const onlineErrors = [
  'not-signed-in', 'locked', 'central-needed', 'too-many-requests', 'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'account-disabled',
] as const
const ofOne = ['not-found', 'self-registration-settled'] as const
const byId = v.strictObject({ id: idSchema })

/** 扫码登记: what workers have filled in on their phones, and what the clerk makes of it. */
export const selfRegistrationsGroup = {
  methods: {
    /** On a project, longest waiting first. */
    waiting: method(v.strictObject({ projectId: idSchema }), v.strictObject({ items: v.array(waitingSelfRegistration) }), onlineErrors),
    /** One of them, whole; the central service notes who looked. */
    open: method(byId, selfRegistrationResource, [...onlineErrors, ...ofOne]),
    /** A piece of one of its photos. */
    readPhoto: method(
      v.strictObject({ id: idSchema, photo: selfPhotoSchema, offset: v.pipe(countSchema, v.maxValue(largestSelfPhoto)) }),
      v.strictObject({ chunk: bytesSchema(attachmentChunkSize), size: countSchema }),
      [...onlineErrors, ...ofOne, 'attachment-damaged'],
    ),
    /**
     * 核对登记: the worker's form with what the phone told, both photos beside it, on the project once it is submitted. `photos` false: they could not be taken over
     * and are to be added by hand. Submitting the form settles this one at the central service.
     */
    accept: method(byId, v.strictObject({ recordId: idSchema, photos: v.boolean() }), [...onlineErrors, ...ofOne, 'registration-here', 'local-full', 'local-read-only', 'local-busy']),
    /** The person stands in the register of the unit already: that is who it is. They come onto the project. */
    acceptRegistered: method(byId, done, [...onlineErrors, ...ofOne, 'local-full', 'local-read-only', 'local-busy']),
    /** 退回: the worker reads the reason on the phone and may send it anew. */
    giveBack: method(v.strictObject({ id: idSchema, reason: v.pipe(v.string(), v.maxLength(1_000)) }), done, [...onlineErrors, ...ofOne, 'reason-missing', 'reason-too-long', 'reason-has-number']),
  },
  events: {},
} as const
