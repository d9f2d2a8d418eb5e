import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCentralDatabase } from '../../central/database/open.ts'
import { patchRegistration } from '../../central/modules/registrations/registrations.service.ts'
import { findOwnRegistration, valuesOf } from '../../central/modules/registrations/registration.repository.ts'
import { createOrganization } from '../../central/operator/operations.ts'
import { resealAll } from '../../central/operator/reseal.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { addPersonalKey, readOrMakePersonalKeys } from '../../central/personal-data/personal-keys.ts'
import type { ServiceContext } from '../../central/service-context.ts'
import { writeOnce } from '../../central/write-once.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { newKey, nextCreditCode, recoveryPublicKey } from '../support/central-service.ts'
import { personValues } from '../support/people.ts'

describe.each(backends)('another key for the personal columns on %s', (name) => {
  let backend: Backend
  let folder: string
  let database: Awaited<ReturnType<typeof openCentralDatabase>>
  let organizationId: string
  const keysFile = () => join(folder, 'personal-keys.json')
  const idOf = (person: number) => `018f0000-0000-7000-8000-${String(person).padStart(12, '0')}`
  beforeAll(async () => {
    backend = await startBackend(name)
    folder = mkdtempSync(join(tmpdir(), 'keys-'))
    database = await openCentralDatabase(await backend.newLocation())
    organizationId = await createOrganization(context(), { name: '甲公司', kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-12345678', recoveryPublicKey })
    for (let person = 0; person < 3; person++) await register(person)
  })
  afterAll(async () => {
    await database?.close()
    await backend?.stop()
    rmSync(folder, { recursive: true })
  })

  /** As a service that has just started reads the file. */
  const context = (): ServiceContext => ({ db: database.db, epoch: database.epoch, clock: { now: () => new Date() }, personal: createPersonalData(readOrMakePersonalKeys(keysFile())) })
  const who = () => ({ accountId: idOf(1), organizationId, deviceId: 'device-0123456789abcdef' })
  const register = (person: number) => writeOnce(context(), who(), { kind: 'create', opId: newKey(), registration: { id: idOf(person), personType: 'manager', values: personValues(person) } })

  /** What every sealed value in the database begins with. */
  async function keysInUse(): Promise<string[]> {
    const rows = await database.db.selectFrom('registration as r').innerJoin('person as p', 'p.id', 'r.person_id').select(['mobile_sealed', 'residence_detail_sealed', 'values_sealed', 'p.id_card_no_sealed']).execute()
    const units = await database.db.selectFrom('organization').select('contact_phone_sealed').execute()
    return [...new Set([...rows, ...units].flatMap((row) => Object.values(row)).map((sealed) => sealed.split('.')[0] ?? ''))].sort()
  }
  const readBack = async (person: number, personal = context().personal) => {
    const row = await findOwnRegistration(database.db, organizationId, idOf(person))
    return row && valuesOf(row, personal)
  }

  it('is added beside the earlier ones, to the same file, whole or not at all', () => {
    const before = readOrMakePersonalKeys(keysFile())
    expect(addPersonalKey(keysFile())).toBe('k2')
    const after = readOrMakePersonalKeys(keysFile())
    expect([after.current, [...after.keys.keys()]]).toEqual(['k2', ['k1', 'k2']])
    expect(after.keys.get('k1')).toEqual(before.keys.get('k1'))
    expect(after.hashKey, 'every hash would have to be made anew').toEqual(before.hashKey)
    expect(statSync(keysFile()).mode & 0o077).toBe(0)
    expect(readdirSync(folder)).toEqual(['personal-keys.json'])
    expect(() => addPersonalKey(join(folder, 'none.json'))).toThrow('CENTRAL_KEYS：')
  })

  it('seals what is written from then on, while what was written before still opens and is still found', async () => {
    await register(3)
    expect(await keysInUse()).toEqual(['k1', 'k2'])
    expect(await readBack(0)).toEqual(personValues(0))
    await expect(register(0).then(() => 'twice')).rejects.toMatchObject({ code: 'registration-here' })
  })

  it('seals everything anew, column by column, and nothing else changes', async () => {
    const versions = () => database.db.selectFrom('registration').select(['id', 'version', 'seq', 'updated_at', 'id_card_no_hash', 'mobile_hash']).orderBy('id').execute()
    const before = await versions()
    expect(await resealAll(context())).toBe(3 * 4 + 1)
    expect(await keysInUse()).toEqual(['k2'])
    expect(await versions()).toEqual(before)
    for (const person of [0, 1, 2, 3]) expect(await readBack(person)).toEqual(personValues(person))
    expect(await resealAll(context()), 'a second time there is nothing to do').toBe(0)
  })

  it('goes on where it was broken off, over more people than are read at once, and an edit meanwhile is kept', async () => {
    for (let person = 4; person < 210; person++) await register(person)
    addPersonalKey(keysFile())
    const { personal } = context()
    let sealed = 0
    const breaking = { ...context(), personal: { ...personal, seal: (...given: Parameters<typeof personal.seal>) => (++sealed > 5 ? fail() : personal.seal(...given)) } }
    await expect(resealAll(breaking)).rejects.toThrow('broken off')
    expect(await keysInUse()).toEqual(['k2', 'k3'])

    // Somebody edits while it runs.
    const edit = database.db.transaction().execute((trx) => patchRegistration(context(), trx, who(), { id: idOf(0), baseVersion: 1, changes: { jobPosition: '安全员' } }))
    await Promise.all([edit, resealAll(context())])
    expect(await keysInUse()).toEqual(['k3'])
    expect(await readBack(0)).toEqual({ ...personValues(0), jobPosition: '安全员' })
    await expect(readBack(0, createPersonalData({ ...readOrMakePersonalKeys(keysFile()), current: 'k2' }))).resolves.toMatchObject({ jobPosition: '安全员' })
  })

  it('is what opens the columns: with the earlier keys alone nothing does', async () => {
    const { keys, hashKey } = readOrMakePersonalKeys(keysFile())
    const early = createPersonalData({ current: 'k1', keys: new Map([...keys].filter(([id]) => id !== 'k3')), hashKey })
    await expect(readBack(0, early)).rejects.toThrow('unknown key k3')
    expect(readFileSync(keysFile(), 'utf8')).toContain('"k3"')
  })
})

function fail(): never {
  throw new Error('broken off')
}
