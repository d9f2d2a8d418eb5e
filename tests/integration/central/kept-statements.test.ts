import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '../../../central/database/transaction.ts'
import { findOrganization } from '../../../central/modules/organization/organization.repository.ts'
import { startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Unit } from '../../support/central-service.ts'

describe('statements that PostgreSQL keeps for the central service', () => {
  let backend: Backend
  let central: Central
  let unit: Unit
  beforeAll(async () => {
    backend = await startBackend('PostgreSQL')
    central = await startCentral(await backend.newLocation())
    unit = await central.addUnit()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  /** Times it was read and run, over one connection. */
  const kept = (text: string) => sql<{ statement: string; runs: number }>`select statement, generic_plans + custom_plans as runs from pg_prepared_statements where statement like ${text}`
  const another = () => backend.run(central.location, `alter table organization add column ${`c${randomUUID().replaceAll('-', '')}`} text`)

  it('are read once and run again and again', async () => {
    await inTransaction(central.db, async (trx) => {
      for (let run = 0; run < 5; run++) await findOrganization(trx, unit.id)
      const { rows } = await kept('select * from "organization" where "id" = %').execute(trx)
      expect(rows).toHaveLength(1)
      expect(rows[0]?.runs).toBeGreaterThanOrEqual(5)
    })
  })

  it('are read anew where another process has brought the schema forward, without anybody noticing', async () => {
    for (const [where, read] of Object.entries({
      'outside of a transaction': () => findOrganization(central.db, unit.id),
      'in a transaction': () => inTransaction(central.db, (trx) => findOrganization(trx, unit.id)),
    })) {
      for (let time = 0; time < 3; time++) {
        expect(await read(), where).toMatchObject({ id: unit.id })
        await another()
      }
      expect(await read(), where).toMatchObject({ id: unit.id })
    }
  })
})
