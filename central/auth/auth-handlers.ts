import type * as v from 'valibot'
import type { accountChoiceRequest, accountChoiceResource, caSignInRequest, challengeRequest, challengeResource, passwordChangeRequest, passwordSignInRequest } from '../../shared/api/resources.ts'
import type { CentralApi } from '../../shared/api/index.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { chooseAccount } from './account-choice.ts'
import { findAccount, toAccountResource } from './accounts.repository.ts'
import type { AuthContext, Principal } from './auth-context.ts'
import { createChallenge, signInWithCaKey } from './ca-sign-in.ts'
import { challengeSeconds } from './ca/checks/challenge-fresh.ts'
import { changePassword } from './password-change.ts'
import { signInWithPassword } from './password-sign-in.ts'
import { endSession, suspendSession, type SessionResource } from './session.ts'

/** What the sign-in routes need of a request besides its body. */
export interface Caller {
  /** IP address, as far as the service can trust it. */
  readonly address: string
  /** The cookie of `connectionCookieName`. */
  readonly connectionCookie: string | undefined
}

export const connectionCookieName = 'ca-connection'

/** Never seen by a script, never sent to another site, gone with the challenge. */
export const connectionCookieOptions = ({ auth }: AuthContext) => ({
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: auth.secureCookies,
  // A submission answers a challenge as well.
  path: '/v1',
  maxAge: challengeSeconds,
})

type Body<S extends v.GenericSchema> = v.InferOutput<S>
type SessionReply = v.InferOutput<CentralApi['readSession']['replies'][200]>

/** The eight routes of tags `sign-in` and `session`, without HTTP around them. Failures are AppErrors. */
export function createAuthHandlers(context: AuthContext) {
  return {
    createChallenge: ({ deviceId }: Body<typeof challengeRequest>): Promise<{ challenge: Body<typeof challengeResource>; connectionCookie: string }> =>
      createChallenge(context, deviceId),

    signInWithCaKey: (body: Body<typeof caSignInRequest>, { connectionCookie }: Caller): Promise<SessionResource | Body<typeof accountChoiceResource>> =>
      signInWithCaKey(context, { ...body, connectionCookie }),

    chooseAccount: (body: Body<typeof accountChoiceRequest>, { address }: Caller): Promise<SessionResource> => chooseAccount(context, body, address),

    signInWithPassword: (body: Body<typeof passwordSignInRequest>, { address }: Caller): Promise<SessionResource> => signInWithPassword(context, body, address),

    readSession: async (principal: Principal): Promise<SessionReply> => {
      const account = await findAccount(context.db, principal.accountId)
      if (!account) throw new AppError('session-missing')
      return {
        account: toAccountResource(account),
        organizationId: principal.organizationId,
        expiresAt: principal.expiresAt.toISOString(),
        serverTime: context.clock.now().toISOString(),
        epoch: context.epoch,
        identityCheckRequired: context.identityCheckRequired ?? true,
      }
    },

    changePassword: (principal: Principal, body: Body<typeof passwordChangeRequest>, { address }: Caller): Promise<void> => changePassword(context, principal, body, address),
    suspendSession: (principal: Principal): Promise<void> => suspendSession(context, principal),
    endSession: (principal: Principal): Promise<void> => endSession(context, principal),
  }
}
