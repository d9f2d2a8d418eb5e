import type * as v from 'valibot'
import type { Transaction } from 'kysely'
import type { AnyReceipt, PushOperation, pushResult } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Database } from '../../database/database.ts'
import { inTransaction } from '../../database/transaction.ts'
import { statusOf } from '../../http/problem-status.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { writeOnceWithin } from '../../write-once.ts'
import { createPlain, type CreateOperation } from '../registrations/create-many.ts'

type PushResult = v.InferOutput<typeof pushResult>

/**
 * Applies what a workstation sends, in one transaction: the disk is waited for once. Each operation is whole or absent by
 * itself, and one that is refused does not stop the others; a fault of the service undoes them all, and under their keys
 * they come again.
 */
export function applyPushed(context: ServiceContext, who: Who, operations: readonly PushOperation[]): Promise<PushResult[]> {
  return inTransaction(context.db, async (trx) => {
    const results: PushResult[] = []
    // One part after another: a later operation may build upon an earlier one.
    for (const part of inParts(operations)) results.push(...(await applyPart(context, trx, who, part)))
    return results
  })
}

/** Creates that follow one another are one part, everything else is one by itself. */
function inParts(operations: readonly PushOperation[]): PushOperation[][] {
  const parts: PushOperation[][] = []
  for (const operation of operations) {
    const last = parts.at(-1)
    if (last && isCreate(operation) && last.every(isCreate)) last.push(operation)
    else parts.push([operation])
  }
  return parts
}

const isCreate = (operation: PushOperation): operation is CreateOperation => operation.kind === 'create'

async function applyPart(context: ServiceContext, trx: Transaction<Database>, who: Who, part: readonly PushOperation[]): Promise<PushResult[]> {
  const made = await createPlain(context, trx, who, part.filter(isCreate))
  const results: PushResult[] = []
  for (const operation of part) {
    const receipt = made.get(operation)
    results.push(receipt ? applied(operation, receipt) : await applyOne(context, trx, who, operation))
  }
  return results
}

const applied = ({ opId }: PushOperation, receipt: AnyReceipt): PushResult => ({ opId, outcome: 'applied', receipt })

async function applyOne(context: ServiceContext, trx: Transaction<Database>, who: Who, operation: PushOperation): Promise<PushResult> {
  try {
    return applied(operation, await writeOnceWithin(context, trx, who, operation))
  } catch (error) {
    if (!(error instanceof AppError) || statusOf(error.code) === 500) throw error
    return { opId: operation.opId, outcome: 'refused', problem: { code: error.code, retriable: error.retriable, details: { ...error.details } } }
  }
}
