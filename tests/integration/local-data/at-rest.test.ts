import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { backUp } from '../../../electron/host/database/backups.ts'
import { openDevice } from '../../../electron/host/database/device.ts'
import { openLocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { openOrRebuild } from '../../../electron/host/database/rebuild.ts'
import { openUnitKey, unitPaths } from '../../../electron/host/database/unit-keys.ts'
import { fillWithPeople, openTestSecrets, serviceOver, temporaryDirectory, testClock, testLog, unitId } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => void (directory = temporaryDirectory()))
afterEach(() => directory.remove())

/** Every byte under the data folder. */
function bytesOnDisk(): Buffer {
  const files = readdirSync(directory.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))))
}

it('no file of the workstation shows a name, ID number, phone or address: not while it is open, not after, not in a backup', async () => {
  const secrets = await openTestSecrets(directory.path)
  const device = await openDevice(directory.path, secrets, testClock(), testLog())
  const organization = { id: unitId, name: '标记修缮有限公司', kind: 'contractor' as const, creditCode: '91310000MA1FL0000X' }
  const account = { id: '018f0000-0000-7000-8000-000000000001', username: 'biaoji-clerk', displayName: '标记会计', role: 'clerk' as const, reviewsRegistrations: false, faceSignIn: 'off' as const }
  await device.rememberPass({ account, organization, certificate: null, password: null }, account.username, '2026-11-23T08:00:00.000Z')

  const paths = unitPaths(directory.path, unitId)
  const key = await openUnitKey(paths, secrets, null)
  const { local } = await openOrRebuild(paths, key, testClock(), testLog())
  const { registrations } = serviceOver(local)
  const values = personValues(1, { name: '欧阳标记', residenceDetail: '标记路壹号', mobile: '13912345678' })
  const draft = await registrations.begin({ idCardNo: values.idCardNo })
  await registrations.keepDraft({ id: draft.id, values, revision: draft.revision })
  const sent = personValues(2, { name: '诸葛标记', mobile: '13787654321' })
  const begun = await registrations.begin({ idCardNo: sent.idCardNo })
  await registrations.submit({ id: begun.id, values: sent, revision: 1 })

  const markers = [
    'SQLite format 3', 'values_json', '标记', 'ouyang', 'zhuge', '13912345678', '13787654321', values.idCardNo, sent.idCardNo, draft.id, 'biaoji', '91310000MA1FL0000X',
    Buffer.from(key), Buffer.from(Buffer.from(key).toString('base64')), Buffer.from(Buffer.from(key).toString('hex')),
  ]
  const shown = () => markers.filter((marker) => bytesOnDisk().includes(marker))
  expect(existsSync(`${paths.database}-wal`)).toBe(true)
  expect(bytesOnDisk().includes('"format":2'), 'what does lie open is found').toBe(true)
  expect(shown(), 'open').toEqual([])
  await backUp(local, paths.backups, key, '2026-11-23')
  expect(readdirSync(paths.backups)).toEqual(['2026-11-23.db', 'key.json'])
  expect(shown(), 'with a backup').toEqual([])
  await local.close()
  expect(shown(), 'closed').toEqual([])
})

it("one unit's key opens its own file and backups and no other unit's, which stay as they are", async () => {
  const secrets = await openTestSecrets(directory.path)
  const units = await Promise.all([unitId, '018f0000-0000-7000-8000-0000000000a2'].map(async (id) => {
    const paths = unitPaths(directory.path, id)
    const key = await openUnitKey(paths, secrets, null)
    const { local } = await openOrRebuild(paths, key, testClock(), testLog())
    fillWithPeople(local, 3)
    const backup = await backUp(local, paths.backups, key, '2026-11-23')
    await local.close()
    return { key, files: [paths.database, backup] }
  }))
  for (const { key, files } of units) {
    for (const file of files) await (await openLocalDatabase(file, key)).close()
    for (const file of units.flatMap((unit) => (unit.key === key ? [] : unit.files))) {
      const before = readFileSync(file)
      await expect(openLocalDatabase(file, key)).rejects.toMatchObject({ code: 'local-damaged' })
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  }
})
