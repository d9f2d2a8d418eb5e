import * as v from 'valibot'
import { comparedPictures, identityCheckReceipt, identityChecksOfOne, secondLook, waitingIdentityChecks } from '../api/identity-checks.ts'
import { method } from '../wire/contract.ts'
import { idSchema, noInput } from './common.ts'

/** Both looks are told at once: a second person elsewhere waits for the first. */
const online = [
  'not-signed-in', 'locked', 'central-needed', 'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'account-disabled', 'too-many-requests',
] as const
const ofCheck = ['not-found', 'identity-check-own', 'identity-check-changed'] as const

/** 非人脸核验 of people of the own unit. The pictures are read as attachments of the registration. */
export const identityChecksGroup = {
  methods: {
    /** Those that wait for a second person, longest waiting first. */
    waiting: method(noInput, waitingIdentityChecks, online),
    /** Of one registration, with the two pictures that are to be compared. */
    ofRegistration: method(v.strictObject({ id: idSchema }), identityChecksOfOne, [...online, 'not-found']),
    /** 核验: these two pictures show the same person. */
    begin: method(v.strictObject({ registrationId: idSchema, ...comparedPictures.entries }), identityCheckReceipt, [...online, ...ofCheck, 'registration-left', 'identity-check-passed', 'identity-check-waits']),
    /** 复核, by another account. */
    finish: method(v.strictObject({ id: idSchema, ...secondLook.entries }), identityCheckReceipt, [...online, ...ofCheck, 'identity-check-same-account', 'identity-check-closed']),
  },
  events: {},
} as const
