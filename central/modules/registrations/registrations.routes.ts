import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { idSchema, type WriteReceipt } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Principal } from '../../auth/auth-context.ts'
import type { Authentication } from '../../auth/index.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnce, type QueuedRegistration } from '../../write-once.ts'
import { findOwnRegistration, listOwnRegistrations, toRegistrationResource } from './registration.repository.ts'
import { checkForRegistration } from './registrations.service.ts'

const usualLimit = 100

export function registerRegistrationRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext, { checkSubmission }: Pick<Authentication, 'checkSubmission'>): void {
  /** A single write carries no signature: where one is wanted, it goes through the sync. */
  const write = async (who: Principal, operation: QueuedRegistration): Promise<WriteReceipt> => {
    await checkSubmission(who, [operation], null)
    return writeOnce(context, who, operation)
  }

  implement(app, options, 'checkIdCardNo', async ({ who, body }) => ({ status: 200, body: await checkForRegistration(context, who, body.idCardNo) }))

  implement(app, options, 'listRegistrations', async ({ who, query }) => {
    const limit = Number(query.limit ?? usualLimit)
    const rows = await listOwnRegistrations(context.db, who.organizationId, readCursor(query.cursor), limit + 1)
    const items = rows.slice(0, limit).map((row) => toRegistrationResource(row, context.personal))
    const last = items.at(-1)
    return { status: 200, body: { items, next: rows.length > limit && last ? makeCursor(last.id) : null } }
  })

  implement(app, options, 'createRegistration', async ({ who, body, idempotencyKey }) => {
    const receipt = await write(who, { kind: 'create', opId: idempotencyKey, registration: body })
    return { status: 201, body: receipt, headers: { etag: etagOf(receipt.version), location: `/v1/registrations/${receipt.id}` } }
  })

  implement(app, options, 'readRegistration', async ({ who, params }) => {
    const row = await findOwnRegistration(context.db, who.organizationId, params.id)
    if (!row) throw new AppError('not-found')
    return { status: 200, body: toRegistrationResource(row, context.personal), headers: { etag: etagOf(row.version) } }
  })

  implement(app, options, 'patchRegistration', async ({ who, params, body, idempotencyKey, ifMatch }) => {
    const receipt = await write(who, { kind: 'patch', opId: idempotencyKey, id: params.id, baseVersion: ifMatch, changes: body.changes })
    return { status: 200, body: receipt, headers: { etag: etagOf(receipt.version) } }
  })

  implement(app, options, 'withdrawRegistration', async ({ who, params, idempotencyKey, ifMatch }) => {
    const receipt = await write(who, { kind: 'withdraw', opId: idempotencyKey, id: params.id, baseVersion: ifMatch })
    return { status: 200, body: receipt }
  })
}

/** Opaque to callers: nobody may build upon what a cursor is made of. */
function makeCursor(afterId: string): string {
  return Buffer.from(JSON.stringify({ afterId })).toString('base64url')
}

const cursorContent = v.pipe(v.string(), v.parseJson(), v.strictObject({ afterId: idSchema }))

function readCursor(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const parsed = v.safeParse(cursorContent, Buffer.from(cursor, 'base64url').toString('utf8'))
  if (!parsed.success) throw new AppError('cursor-expired')
  return parsed.output.afterId
}
