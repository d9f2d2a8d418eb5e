import * as v from 'valibot'
import { newPasswordProblems } from '../domain/password.ts'
import { signInWaySchema } from '../domain/statuses.ts'
import { method } from '../wire/contract.ts'
import { certificateIdSchema } from './ca-key.contract.ts'
import { placeSchema } from './app.contract.ts'
import { accountSchema, done, idSchema, instantSchema, noInput, organizationSchema } from './common.ts'

/** As the central service takes it: no name has a control character. */
const usernameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), v.regex(/^\P{Cc}*$/u))
const passwordSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
/** Too short or too long is told by the rule's own code. */
const newPasswordSchema = v.pipe(v.string(), v.maxLength(1_000))
const pinSchema = v.pipe(v.string(), v.maxLength(300))

/** What a signed-in clerk's session is worth at this moment. */
export const connectionSchema = v.picklist([
  /** A live session at the central service. */
  'online',
  /** Unlocked from what the last online sign-in left here; the central service is out of reach. */
  'offline',
  /** The central service answers again but wants a PIN or password first; the queue waits. */
  'sign-in-needed',
])
export type Connection = v.InferOutput<typeof connectionSchema>

const whoSchema = {
  account: accountSchema,
  organization: organizationSchema,
  way: signInWaySchema,
}

export const sessionStateSchema = v.variant('phase', [
  v.strictObject({
    phase: v.literal('signed-out'),
    /** User name last used here, to save typing. */
    lastUsername: v.nullable(v.string()),
  }),
  v.strictObject({
    phase: v.literal('choosing-account'),
    organizationName: v.string(),
    accounts: v.array(
      v.strictObject({
        id: idSchema,
        displayName: v.string(),
        /** False where this account gave its password with this certificate on this device before. */
        needsPassword: v.boolean(),
      }),
    ),
    /** Whoever of them signed in last on this device; null: none has yet. */
    lastAccountId: v.nullable(idSchema),
  }),
  v.strictObject({
    phase: v.literal('signed-in'),
    ...whoSchema,
    connection: connectionSchema,
    /** While offline: until when the offline unlock holds. */
    offlineUntil: v.nullable(instantSchema),
    /** Where this clerk was when the program last stopped; null: start at the first page. */
    place: v.nullable(placeSchema),
    /** The administrator has reset this account's password and it has not been changed since. */
    passwordByOperator: v.boolean(),
  }),
  v.strictObject({
    phase: v.literal('locked'),
    ...whoSchema,
    /** `idle`: too long without the central service. `away`: too long without a hand at the keyboard or mouse. */
    reason: v.picklist(['key-removed', 'idle', 'away', 'manual']),
  }),
])
export type SessionState = v.InferOutput<typeof sessionStateSchema>

const keyErrors = [
  'key-driver-missing', 'key-not-present', 'key-removed', 'key-removed-while-signing', 'key-different', 'key-unreadable',
  'key-pin-wrong', 'key-pin-final-try', 'key-pin-locked', 'key-pin-length', 'key-pin-expired', 'key-hung',
  'key-mechanism-missing', 'key-no-certificate', 'key-certificate-expired', 'key-certificate-not-yet-valid', 'key-busy', 'key-failed',
] as const
const keySignInErrors = [
  ...keyErrors,
  'ca-algorithm-unsupported', 'ca-certificate-expired', 'ca-certificate-not-yet-valid', 'ca-chain-untrusted', 'ca-key-usage-wrong',
  'ca-certificate-revoked', 'ca-revocation-unknown', 'ca-signature-invalid', 'ca-company-code-conflict', 'ca-not-bound', 'ca-needs-password',
  'challenge-unknown', 'challenge-expired',
] as const
/** Where no user name is asked for. */
const ownPasswordErrors = ['own-password-wrong', 'session-password-changed'] as const
const anySignInErrors = [
  'account-disabled', 'password-needs-ca', 'sign-in-too-often', 'central-unreachable', 'central-not-trusted', 'central-reply-invalid', 'central-busy',
  'offline-unlock-unknown', 'offline-unlock-expired', 'offline-clock-back', 'different-unit', 'different-account',
  'local-key-lost', 'local-from-future', 'local-damaged', 'local-read-only', 'local-full', 'local-busy',
] as const

export const sessionGroup = {
  methods: {
    state: method(noInput, sessionStateSchema),
    /**
     * Signs in with the CA lock; while the central service is out of reach, unlocks offline. `confirmFinalTry` must be
     * true where the key says that one try is left, else `key-pin-final-try`. The PIN is used once and kept nowhere.
     */
    signInWithKey: method(
      v.strictObject({ certificateId: certificateIdSchema, pin: pinSchema, confirmFinalTry: v.boolean() }),
      sessionStateSchema,
      [...keySignInErrors, ...anySignInErrors],
    ),
    /** After signInWithKey answered `choosing-account`. `password` where the account's needsPassword is true. */
    chooseAccount: method(
      v.strictObject({ accountId: idSchema, password: v.nullable(passwordSchema) }),
      sessionStateSchema,
      ['own-password-wrong', 'account-choice-invalid', 'ticket-expired', 'ca-needs-password', ...anySignInErrors],
    ),
    signInWithPassword: method(
      v.strictObject({ username: usernameSchema, password: passwordSchema }),
      sessionStateSchema,
      ['sign-in-failed', 'offline-password-wrong', ...anySignInErrors],
    ),
    /** Leaves `choosing-account` for `signed-out`. */
    cancelSignIn: method(noInput, sessionStateSchema),
    /**
     * Opens the lock screen, or renews a session that answers `sign-in-needed`, with the key it was opened with. Where the
     * account's password is wanted besides and `password` is left out it answers `ca-needs-password`, and where it was
     * wrong `sign-in-failed`: unlockWithPassword then completes this unlock, and the PIN is not asked again.
     */
    unlockWithKey: method(
      v.strictObject({ certificateId: certificateIdSchema, pin: pinSchema, confirmFinalTry: v.boolean(), password: v.optional(v.nullable(passwordSchema), null) }),
      sessionStateSchema,
      ['not-signed-in', ...ownPasswordErrors, 'account-choice-invalid', 'ticket-expired', ...keySignInErrors, ...anySignInErrors],
    ),
    /** Opens a lock of the unit beside the session, where what waits is to be signed (`waiting-for-key`). Nobody signs in by it. */
    openSigningKey: method(
      v.strictObject({ certificateId: certificateIdSchema, pin: pinSchema, confirmFinalTry: v.boolean() }),
      sessionStateSchema,
      ['not-signed-in', 'locked', ...keyErrors],
    ),
    /** With the account's password: the same by itself, or the second half of an unlockWithKey that wants it. */
    unlockWithPassword: method(
      v.strictObject({ password: passwordSchema }),
      sessionStateSchema,
      ['not-signed-in', ...ownPasswordErrors, 'offline-password-wrong', 'account-choice-invalid', ...anySignInErrors],
    ),
    /**
     * Changes the clerk's own password, here and at the central service. Needs the central service: nothing has changed where
     * it answers `password-needs-network`; it may have where it answers `password-unconfirmed`.
     */
    changePassword: method(
      v.strictObject({ password: passwordSchema, newPassword: newPasswordSchema }),
      sessionStateSchema,
      [
        'not-signed-in', 'locked', 'password-wrong', ...newPasswordProblems, 'password-unchanged', 'password-needs-network', 'password-unconfirmed',
        'sign-in-too-often', 'too-many-requests', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'forbidden', 'central-not-trusted',
      ],
    ),
    lock: method(noInput, sessionStateSchema),
    /** Somebody types or points, or did `ago` milliseconds before; told now and then. Where nobody has for long, the window locks. */
    noteInput: method(v.strictObject({ ago: v.pipe(v.number(), v.minValue(0)) }), done, ['not-signed-in', 'locked']),
    /** Ends the session here and, where it can be reached, at the central service. Drafts and queue stay. */
    signOut: method(noInput, sessionStateSchema),
  },
  events: { changed: sessionStateSchema },
} as const
