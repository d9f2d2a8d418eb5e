import type * as v from 'valibot'
import type { accountChoiceRequest } from '../../shared/api/resources.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { Account } from './accounts.repository.ts'
import { findTicket, provenAccounts, rememberProof, useUpTicket, type AccountTicket } from './account-tickets.repository.ts'
import type { AuthContext } from './auth-context.ts'
import { boundAccounts, findBindingById, holdBound } from './certificate-bindings.repository.ts'
import { provePassword } from './password-sign-in.ts'
import { openSession, type SessionResource } from './session.ts'
import { auditRefusal } from './sign-in-refusal.ts'

type Choice = v.InferOutput<typeof accountChoiceRequest>

/**
 * The second half of a sign-in with a lock that is bound to several accounts. A wrong password leaves the ticket, so that
 * the clerk need not enter the PIN again; the back-off limits the tries.
 */
export async function chooseAccount(context: AuthContext, choice: Choice, address: string): Promise<SessionResource> {
  const { deviceId } = choice
  const { account, ticket } = await auditRefusal(context, { way: 'ca-key', deviceId }, () => proveChoice(context, choice, address))
  const certificate = { fingerprint: ticket.fingerprint, notAfter: new Date(ticket.certificate_not_after) }
  return openSession(context, { account, deviceId, way: 'ca-key', certificate }, { fingerprint: ticket.fingerprint }, async (trx) => {
    if (!(await holdBound(trx, ticket.binding_id, account.id))) throw new AppError('account-choice-invalid')
    await rememberProof(trx, { deviceId, bindingId: ticket.binding_id, accountId: account.id }, context.clock.now())
  })
}

async function proveChoice(context: AuthContext, choice: Choice, address: string): Promise<{ account: Account; ticket: AccountTicket }> {
  const { db, clock } = context
  const ticket = await findTicket(db, choice.ticket, choice.deviceId, clock.now())
  if (!ticket) throw new AppError('ticket-expired')
  const account = await boundAccount(context, ticket, choice.accountId)

  const isProven = (await provenAccounts(db, { deviceId: choice.deviceId, bindingId: ticket.binding_id })).has(account.id)
  if (context.auth.caNeedsPassword || !isProven) {
    if (choice.password === null) throw new AppError('ca-needs-password')
    await provePassword(context, { username: account.username, account, password: choice.password, deviceId: choice.deviceId, address })
  }
  // Asked last, and only one of two parallel choices is told yes.
  if (!(await useUpTicket(db, ticket))) throw new AppError('ticket-expired')
  return { account, ticket }
}

async function boundAccount({ db }: AuthContext, ticket: AccountTicket, accountId: string): Promise<Account> {
  const binding = await findBindingById(db, ticket.binding_id)
  const account = binding && (await boundAccounts(db, binding)).find(({ id }) => id === accountId)
  if (!account) throw new AppError('account-choice-invalid')
  if (account.disabled_at !== null) throw new AppError('account-disabled')
  return account
}
