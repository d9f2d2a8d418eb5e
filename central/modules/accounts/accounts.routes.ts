import type { FastifyInstance } from 'fastify'
import { versionReceipt as receipt } from '../../../shared/api/unit-resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { findOwnAccount } from '../../auth/accounts.repository.ts'
import { hashPassword } from '../../auth/passwords.ts'
import { requireUnitAdmin } from '../../auth/require-unit-admin.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnceOf } from '../../write-once.ts'
import { checkNewPassword, createAccount, listAccounts, patchAccount, resetPassword } from './accounts.service.ts'

/** Accounts of the own unit. Of a password what is kept is its hash, and under the key a keyed hash of the request. */
export function registerAccountRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'listAccounts', async ({ who }) => ({ status: 200, body: { items: await listAccounts(context, who), mayChange: who.role === 'unit-admin' } }))

  implement(app, options, 'createAccount', async ({ who, body, idempotencyKey }) => {
    requireUnitAdmin(who)
    const { password, ...account } = body
    checkNewPassword(password, account.username)
    const passwordHash = await hashPassword(password)
    const write = { key: idempotencyKey, content: { kind: 'create-account', ...body }, receipt }
    const created = await writeOnceOf(context, who, { ...write, apply: (trx) => createAccount(context, trx, who, account, passwordHash) })
    return { status: 201, body: created, headers: { etag: etagOf(created.version) } }
  })

  implement(app, options, 'patchAccount', async ({ who, params: { id }, body: { changes }, idempotencyKey, ifMatch }) => {
    requireUnitAdmin(who)
    const write = { key: idempotencyKey, content: { kind: 'patch-account', id, version: ifMatch, changes }, receipt }
    const changed = await writeOnceOf(context, who, { ...write, apply: (trx) => patchAccount(context, trx, who, { id, version: ifMatch, changes }) })
    return { status: 200, body: changed, headers: { etag: etagOf(changed.version) } }
  })

  implement(app, options, 'resetAccountPassword', async ({ who, params: { id }, body: { password }, idempotencyKey, ifMatch }) => {
    requireUnitAdmin(who)
    const account = await findOwnAccount(context.db, who.organizationId, id)
    if (!account) throw new AppError('not-found')
    checkNewPassword(password, account.username)
    const passwordHash = await hashPassword(password)
    const write = { key: idempotencyKey, content: { kind: 'reset-password', id, version: ifMatch, password }, receipt }
    const reset = await writeOnceOf(context, who, { ...write, apply: (trx) => resetPassword(context, trx, who, { id, version: ifMatch }, passwordHash) })
    return { status: 200, body: reset, headers: { etag: etagOf(reset.version) } }
  })
}
