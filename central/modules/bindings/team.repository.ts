import type { Selectable, Updateable } from 'kysely'
import type { CentralDb } from '../../database/database.ts'
import type { TeamTable } from './binding.tables.ts'

export type TeamRow = Selectable<TeamTable>

/** Of any unit: whose it is the caller looks at. */
export async function findTeam(db: CentralDb, id: string): Promise<TeamRow | undefined> {
  return db.selectFrom('team').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @throws a unique violation where the unit has a team of this name on the project */
export async function insertTeam(trx: CentralDb, row: TeamTable): Promise<void> {
  await trx.insertInto('team').values(row).execute()
}

/** @throws as `insertTeam` */
export async function updateTeam(trx: CentralDb, id: string, change: Updateable<TeamTable>): Promise<void> {
  await trx.updateTable('team').set(change).where('id', '=', id).execute()
}
