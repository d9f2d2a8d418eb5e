import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../../../central/database/database.ts'
import type { PersonalData } from '../../../central/personal-data/personal-data.ts'
import { personName } from '../../support/people.ts'

export interface FilledBindings {
  readonly projectIds: readonly string[]
  /** Bindings of the first project that wait, longest first. */
  readonly waiting: string[]
  /** Of the unit. */
  readonly lastSeq: number
}

const part = 200

/**
 * Projects of one 实施单位 with people of one unit on each, registered and bound; as the service would have written them but for what lies sealed,
 * which no list opens.
 * @param waiting of each project so many wait, the others are 审核通过
 */
export async function fillBindings(
  { db, personal }: { readonly db: Kysely<Database>; readonly personal: PersonalData },
  { implementerCode, unitId, projects, each, waiting }: { implementerCode: string; unitId: string; projects: number; each: number; waiting: number },
): Promise<FilledBindings> {
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString()
  const sealed = personal.seal('{}', { column: 'registration.values', rowId: 'bench' })
  const projectIds: string[] = []
  const waits: string[] = []
  const unit = await db.selectFrom('organization').select('seq').where('id', '=', unitId).executeTakeFirstOrThrow()
  let { seq } = unit
  for (let project = 0; project < projects; project++) {
    const projectId = randomUUID()
    projectIds.push(projectId)
    await db
      .insertInto('project')
      .values({ id: projectId, source_id: projectId, project_no: `28${String(project).padStart(6, '0')}X`, name: `示例小区${project}屋面改造工程`, status: 'active', implementer_credit_code: implementerCode, withdrawn_at: null, created_at: at(0), updated_at: at(0) })
      .execute()
    for (let first = 0; first < each; first += part) {
      const people = Array.from({ length: Math.min(part, each - first) }, (_, index) => {
        const number = project * each + first + index
        return { id: randomUUID(), personId: randomUUID(), bindingId: randomUUID(), hash: `bench-${number}`, name: personName(number), pending: first + index < waiting, at: at(first + index), seq: ++seq }
      })
      await db.insertInto('person').values(people.map(({ personId: id, hash }) => ({ id, id_card_no_hash: hash, id_card_no_sealed: sealed, created_at: at(0) }))).execute()
      await db
        .insertInto('registration')
        .values(
          people.map(({ id, personId, hash, name, seq: number }) => ({
            id, organization_id: unitId, person_id: personId, id_card_no_hash: hash, person_type: 'manager' as const, status: 'active' as const, review_comment: null, face_enrolled: 0, version: 1, seq: -number,
            name, pinyin: name, initials: name, mobile_sealed: sealed, mobile_hash: hash, residence_detail_sealed: sealed, values_sealed: sealed, created_at: at(0), updated_at: at(0),
          })),
        )
        .execute()
      await db
        .insertInto('binding')
        .values(
          people.map(({ id, bindingId, hash, pending, at: made, seq: number }) => ({
            id: bindingId, project_id: projectId, organization_id: unitId, person_type: 'manager' as const, filed_person_id: null, registration_id: id, id_card_no_hash: hash,
            status: pending ? ('pending' as const) : ('approved' as const), ending: null, review_comment: null, team_id: null, post: '', version: 1, seq: number, created_at: made, updated_at: made, submitted_at: made, decided_at: null, ended_at: null,
          })),
        )
        .execute()
      if (project === 0) waits.push(...people.filter(({ pending }) => pending).map(({ bindingId }) => bindingId))
    }
  }
  await db.updateTable('organization').set({ seq: seq + 1 }).where('id', '=', unitId).execute()
  return { projectIds, waiting: waits, lastSeq: seq }
}
