import type { FastifyInstance } from 'fastify'
import { posterCodeReceipt, posterCodeResource, posterCodesReply } from '../../../shared/api/poster-codes.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import { writeOnceOf } from '../../write-once.ts'
import { issuePosterCodes, reissuePosterCode, revokePosterCode, type PosterContext } from './poster-codes.service.ts'

export function registerPosterCodeRoutes(app: FastifyInstance, options: ImplementOptions, context: PosterContext): void {
  implement(app, options, 'issuePosterCodes', async ({ who, body, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'issue-poster-codes', ...body }, receipt: posterCodesReply }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => issuePosterCodes(context, trx, who, body) }) }
  })

  implement(app, options, 'reissuePosterCode', async ({ who, body, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'reissue-poster-code', ...body }, receipt: posterCodeResource }
    return { status: 201, body: await writeOnceOf(context, who, { ...write, apply: (trx) => reissuePosterCode(context, trx, who, body) }) }
  })

  implement(app, options, 'revokePosterCode', async ({ who, body, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'revoke-poster-code', ...body }, receipt: posterCodeReceipt }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => revokePosterCode(context, trx, who, body) }) }
  })
}
