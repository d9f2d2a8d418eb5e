import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { createHost } from '../../electron/host/index.ts'
import { bridgeContract } from '../../shared/contract/index.ts'
import { createClient } from '../../shared/wire/client.ts'
import { createTransportPair } from '../../shared/wire/transport.ts'
import { password, startCentral } from '../support/central-service.ts'
import { openTestUnit, temporaryDirectory, testLog, type TestUnit } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'
import { dialogsCancelled, printingUnavailable, startFaceScan, startRosterReader } from '../support/shell-ports.ts'

let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
beforeEach(async () => {
  directory = temporaryDirectory()
  unit = await openTestUnit(directory.path)
})
afterEach(async () => {
  await unit.close()
  directory.remove()
})

it('what is typed in one window is told to the others, which read it and go on from there', async () => {
  const { registrations, changed } = unit
  const { id, revision } = await registrations.begin({ idCardNo: personValues(1).idCardNo })
  changed.length = 0
  const values = personValues(1, { jobPosition: '标准员' })
  const kept = await registrations.keepDraft({ id, values, revision })
  expect(changed).toEqual([[id]])
  const there = await registrations.open({ id })
  expect(there).toMatchObject({ values, revision: kept.revision, hasDraft: true })
  await registrations.keepDraft({ id, values: { ...there.values, mobile: '13900139000' }, revision: there.revision })
  expect(changed).toEqual([[id], [id]])
})

it('what is refused to a window that has not seen the last change is told to nobody', async () => {
  const { registrations, changed } = unit
  const { id, revision } = await registrations.begin({ idCardNo: personValues(1).idCardNo })
  await registrations.keepDraft({ id, values: personValues(1), revision })
  changed.length = 0
  await expect(registrations.keepDraft({ id, values: personValues(1, { jobPosition: '质量员' }), revision })).rejects.toMatchObject({ code: 'draft-stale' })
  expect(changed).toEqual([])
})

it('two pages on one host: the second save over a text it has not seen is refused, nothing of the first is lost, and what both typed goes in once it is seen', async () => {
  const central = await startCentral({ kind: 'sqlite', path: join(directory.path, 'central.db') })
  const { username } = await central.addUnit()
  const host = await createHost({
    shell: 'browser', version: '0.0.0', clock: { now: () => new Date() }, log: testLog(),
    paths: { data: directory.path, resources: fileURLToPath(new URL('../../resources', import.meta.url)) },
    config: { centralUrl: await central.app.listen({ host: '127.0.0.1', port: 0 }), centralCa: null, allowPlainHttp: true, tokenDriver: null },
    secrets: await openKeyFileSecrets(directory.path),
    startKeyProcess: () => {
      throw new Error('no CA locks here')
    },
    dialogs: dialogsCancelled,
    startRosterReader,
    startFaceScan,
    printing: printingUnavailable,
  })
  const open = () => {
    const [ours, theirs] = createTransportPair()
    host.attach(theirs)
    const client = createClient(bridgeContract, ours)
    const heard: unknown[] = []
    client.on('registrations', 'changed', ({ ids }) => void heard.push(ids))
    return { page: client.call, heard }
  }
  const [one, two] = [open(), open()]
  await one.page.session.signInWithPassword({ username, password })
  const { id, revision } = await one.page.registrations.begin({ idCardNo: personValues(1).idCardNo })
  const seen = await two.page.registrations.open({ id })
  const kept = await one.page.registrations.keepDraft({ id, revision, values: personValues(1, { jobPosition: '窗口一' }) })
  expect(two.heard, 'the other window is told').toContainEqual([id])
  for (const save of ['keepDraft', 'save', 'submit'] as const) {
    await expect(two.page.registrations[save]({ id, revision: seen.revision, values: personValues(1, { mobile: '13900000001' }) })).rejects.toMatchObject({ code: 'draft-stale', retriable: true })
  }
  expect(await one.page.registrations.open({ id })).toMatchObject({ revision: kept.revision, values: { jobPosition: '窗口一', mobile: personValues(1).mobile } })
  const now = await two.page.registrations.open({ id })
  await two.page.registrations.submit({ id, revision: now.revision, values: { ...now.values, mobile: '13900000001' } })
  expect((await one.page.registrations.open({ id })).values).toMatchObject({ jobPosition: '窗口一', mobile: '13900000001' })
  await host.close()
  await central.close()
})
