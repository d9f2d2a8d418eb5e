import type { FastifyInstance, FastifyRequest } from 'fastify'
import { implement, type ImplementOptions } from '../http/implement.ts'
import type { AuthContext, Principal } from './auth-context.ts'
import { connectionCookieName, connectionCookieOptions, createAuthHandlers, type Caller } from './auth-handlers.ts'
import { authenticate } from './session.ts'
import { checkSubmission, type SentOperation, type SentProof } from './signed-submission.ts'

export interface Authentication {
  /** @throws AppError session-missing, session-password-changed, session-expired, session-suspended */
  authenticate(request: FastifyRequest): Promise<Principal>
  /**
   * To be called with what came over the wire before it is written.
   * @throws AppError where the operator wants submissions signed, and this one is not, or not rightly
   */
  checkSubmission(who: Principal, operations: readonly SentOperation[], proof: { readonly sent: SentProof; readonly request: FastifyRequest } | null): Promise<void>
  routes(app: FastifyInstance, options: ImplementOptions): void
}

/** Signing in and what follows from it. Nothing of these routes is ever stored for a replay. */
export function registerAuth(context: AuthContext): Authentication {
  return {
    authenticate: ({ headers }) => {
      const deviceId = headers['device-id']
      return authenticate(context, { authorization: headers.authorization, deviceId: typeof deviceId === 'string' ? deviceId : undefined })
    },
    checkSubmission: (who, operations, proof) =>
      checkSubmission(context, who, operations, proof && { ...proof.sent, connectionCookie: callerOf(proof.request).connectionCookie }),
    routes: (app, options) => registerRoutes(app, options, context),
  }
}

function registerRoutes(app: FastifyInstance, options: ImplementOptions, context: AuthContext): void {
  const handlers = createAuthHandlers(context)

  implement(app, options, 'createChallenge', async ({ body }) => {
    const { challenge, connectionCookie } = await handlers.createChallenge(body)
    return { status: 201, body: challenge, headers: { 'set-cookie': serializeCookie(context, connectionCookie) } }
  })
  implement(app, options, 'signInWithCaKey', async ({ body, request }) => {
    const answer = await handlers.signInWithCaKey(body, callerOf(request))
    return answer.outcome === 'signed-in' ? { status: 201, body: answer } : { status: 200, body: answer }
  })
  implement(app, options, 'chooseAccount', async ({ body, request }) => ({ status: 201, body: await handlers.chooseAccount(body, callerOf(request)) }))
  implement(app, options, 'signInWithPassword', async ({ body, request }) => ({ status: 201, body: await handlers.signInWithPassword(body, callerOf(request)) }))
  implement(app, options, 'readSession', async ({ who }) => ({ status: 200, body: await handlers.readSession(who) }))
  implement(app, options, 'changePassword', async ({ who, body, request }) => {
    await handlers.changePassword(who, body, callerOf(request))
    return { status: 204, body: null }
  })
  implement(app, options, 'suspendSession', async ({ who }) => {
    await handlers.suspendSession(who)
    return { status: 204, body: null }
  })
  implement(app, options, 'endSession', async ({ who }) => {
    await handlers.endSession(who)
    return { status: 204, body: null }
  })
}

function callerOf(request: FastifyRequest): Caller {
  const pair = new RegExp(`(?:^|;\\s*)${connectionCookieName}=([\\w-]+)`).exec(request.headers.cookie ?? '')
  return { address: request.ip, connectionCookie: pair?.[1] }
}

/** The value is base64url, so it needs no escaping. */
function serializeCookie(context: AuthContext, value: string): string {
  const { httpOnly, sameSite, secure, path, maxAge } = connectionCookieOptions(context)
  return [`${connectionCookieName}=${value}`, `Path=${path}`, `Max-Age=${maxAge}`, `SameSite=${sameSite}`, ...(httpOnly ? ['HttpOnly'] : []), ...(secure ? ['Secure'] : [])].join('; ')
}
