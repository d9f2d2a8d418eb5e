import type { Transaction } from 'kysely'
import type { PushOperation, WriteReceipt } from '../../../shared/api/resources.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudits } from '../../audit/audit.repository.ts'
import { isUniqueViolation } from '../../database/constraint.ts'
import type { Database } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { inSavepoint } from '../../database/savepoint.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { keepReceipts, usedKeys } from '../../write-once.ts'
import { settleRegistered } from '../self-registrations/settle.service.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findOrInsertPersons, findTaken, insertRegistrations, valueColumns } from './registration.repository.ts'
import { statusOnceHandedIn, validated } from './registrations.service.ts'

export type CreateOperation = Extract<PushOperation, { kind: 'create' }>
type Made = ReadonlyMap<PushOperation, WriteReceipt>

/** A create that nothing stands against as far as is seen. */
interface Plain {
  readonly operation: CreateOperation
  readonly values: PersonValues
  readonly columns: ReturnType<typeof valueColumns>
}

/**
 * Makes together whatever is new and stands in nobody's way, each under its key: a statement a table instead of ten a
 * registration. What is not simply to be made is left alone, for `writeOnceWithin` to say why.
 * @returns receipts by operation; what was left alone is missing
 */
export async function createPlain(context: ServiceContext, trx: Transaction<Database>, who: Who, operations: readonly CreateOperation[]): Promise<Made> {
  const candidates = candidatesOf(context, operations)
  if (candidates.length === 0) return new Map()
  // Holds the unit's row before anything is looked at.
  const last = await nextSeq(trx, who.organizationId, candidates.length)
  const used = await usedKeys(trx, who, candidates.map(({ operation }) => operation.opId))
  const taken = await findTaken(trx, candidates.map(({ operation }) => operation.registration.id), candidates.map(({ columns }) => columns.id_card_no_hash))
  const plain = candidates.filter(({ operation, columns }) => !used.has(operation.opId) && !taken.ids.has(operation.registration.id) && !taken.hashes.has(columns.id_card_no_hash))
  if (plain.length === 0) return new Map()
  return inSavepoint(trx, () => make(context, trx, who, plain, last - plain.length + 1)).catch((error: unknown) => {
    // Another unit was faster with one of them.
    if (!isUniqueViolation(error)) throw error
    return new Map()
  })
}

/**
 * Those that share neither key nor id nor person with one before them: made before their turn, they are in nobody's way. What
 * shares one with any other waits for its turn, also where that other comes to nothing.
 */
function candidatesOf(context: ServiceContext, operations: readonly CreateOperation[]): Plain[] {
  const seen = new Set<string>()
  return operations.flatMap((operation) => {
    const plain = plainOf(context, operation)
    const marks = [`key ${operation.opId}`, `id ${operation.registration.id}`, ...plain.map(({ columns }) => `person ${columns.id_card_no_hash}`)]
    const isFirst = !marks.some((mark) => seen.has(mark))
    for (const mark of marks) seen.add(mark)
    return isFirst ? plain : []
  })
}

function plainOf(context: ServiceContext, operation: CreateOperation): Plain[] {
  try {
    const values = validated(context, operation.registration.personType, operation.registration.values)
    return [{ operation, values, columns: valueColumns(operation.registration.id, values, context.personal) }]
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return []
  }
}

async function make(context: ServiceContext, trx: Transaction<Database>, who: Who, plain: readonly Plain[], firstSeq: number): Promise<Made> {
  const status = statusOnceHandedIn(context)
  const now = context.clock.now()
  const at = now.toISOString()
  const { organizationId, accountId, deviceId } = who
  const persons = plain.map(({ values, columns }) => {
    const id = newId(now)
    return { id, hash: columns.id_card_no_hash, sealed: context.personal.seal(values.idCardNo, { column: 'person.id_card_no', rowId: id }) }
  })
  const personIds = await findOrInsertPersons(trx, persons, at)
  await insertRegistrations(
    trx,
    plain.map(({ operation: { registration }, columns }, index) => ({
      id: registration.id, organization_id: organizationId, person_id: personIds.get(columns.id_card_no_hash) ?? '', person_type: registration.personType, status,
      review_comment: null, face_enrolled: 0, version: 1, seq: firstSeq + index, created_at: at, updated_at: at, ...columns,
    })),
  )
  await settleRegistered(context, trx, who, new Map(plain.map(({ operation, columns }) => [columns.id_card_no_hash, operation.registration.id])))
  const written = plain.map(({ operation }) => ({ operation, receipt: { id: operation.registration.id, version: 1, status } }))
  await keepReceipts(context, trx, who, written)
  const events = written.map(({ receipt }) => ({ kind: 'registration-created', organizationId, accountId, deviceId, details: { registrationId: receipt.id } }))
  await appendAudits(context.personal, trx, events, now)
  return new Map(written.map(({ operation, receipt }) => [operation, receipt]))
}
