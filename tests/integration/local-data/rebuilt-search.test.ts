import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { backUp } from '../../../electron/host/database/backups.ts'
import { openOrRebuild } from '../../../electron/host/database/rebuild.ts'
import { serviceOver, temporaryDirectory, testClock, testLog, unitKey } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

const directory = temporaryDirectory()
afterAll(() => directory.remove())

it('after a file was rebuilt, who had their name cleared while another was typed is still found by the one the list shows', async () => {
  const folder = join(directory.path, 'unit')
  mkdirSync(folder)
  const paths = { database: join(folder, 'unit.db'), envelope: join(folder, 'unit.key.json'), backups: join(folder, 'backups') }
  const { local } = await openOrRebuild(paths, unitKey, testClock(), testLog())
  const { registrations } = serviceOver(local)
  const values = personValues(1)
  const { id } = await registrations.begin({ idCardNo: values.idCardNo })
  const saved = await registrations.save({ id, values, revision: 1 })
  await registrations.keepDraft({ id, values: { ...values, name: '' }, revision: saved.revision })
  // Its line is what the damage took.
  await local.db.deleteFrom('search').execute()
  await backUp(local, paths.backups, unitKey, '2026-11-23')
  await local.close()
  const bytes = readFileSync(paths.database)
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 1
  writeFileSync(paths.database, bytes)

  const again = await openOrRebuild(paths, unitKey, testClock(), testLog())
  expect(again.rebuilt?.from).toBe('backup')
  const list = await serviceOver(again.local).registrations.list({ query: values.name, page: 1, pageSize: 10, onlyNeedingAttention: false })
  expect(list.rows.map((row) => [row.id, row.name])).toEqual([[id, values.name]])
  await again.local.close()
})
