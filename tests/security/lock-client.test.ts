import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { idCardNoOf, personValues } from '../support/people.ts'
import { failureOf, until } from '../support/key-service-rig.ts'
import { setLockStage, type LockStage } from './lock-stage.ts'

const secrets = { pin: '20260101', password: '正确的测试密码-1' }

let stage: LockStage
beforeEach(async () => {
  stage = await setLockStage(secrets, { submitNeedsSignature: true })
  await stage.lockShows()
  await stage.page.session.signInWithKey(stage.withKey())
  await until('the first sync', () => stage.requests.some(({ url }) => url.startsWith('/v1/changes')))
})
afterEach(() => stage?.close())

async function submit(person: number): Promise<string> {
  const { id, revision } = await stage.page.registrations.begin({ idCardNo: idCardNoOf(person) })
  await stage.page.registrations.submit({ id, revision, values: personValues(person) })
  return id
}
const arrived = async () => (await stage.context.db.selectFrom('registration').select('id').execute()).map(({ id }) => id)
const signed = () => stage.context.db.selectFrom('audit_event').select(['account_id', 'details_json']).where('kind', '=', 'submission-signed').execute()

it('a key process killed in the middle of a signature leaves the submission unsent; with the PIN it is sent once', { timeout: 60_000 }, async () => {
  stage.keys.inject('hang')
  const id = await submit(1)
  const syncing = stage.page.sync.syncNow({})
  await until('the challenge of the submission', () => stage.requests.filter(({ url }) => url === '/v1/ca/challenges').length === 2)
  // It signs now, and does not come back from it; at whichever moment it dies, it has not signed.
  await new Promise((resolve) => setTimeout(resolve, 200))
  for (const pid of stage.keyProcesses()) process.kill(pid, 'SIGKILL')
  stage.keys.mend('hang')
  expect(await syncing).toMatchObject({ queued: 1 })
  expect([await arrived(), await signed()]).toEqual([[], []])

  await stage.lockShows()
  const pins = stage.keys.logins()
  const waiting = await stage.page.sync.syncNow({})
  expect(waiting).toMatchObject({ phase: 'waiting-for-key', queued: 1, problem: { code: 'submission-needs-key' } })
  expect(stage.keys.logins(), 'nobody but the clerk gives the PIN').toBe(pins)
  await stage.page.session.unlockWithKey(stage.withKey())
  expect(await stage.page.sync.syncNow({})).toMatchObject({ phase: 'idle', queued: 0 })
  expect(await arrived()).toEqual([id])
  expect(await signed()).toHaveLength(1)
})

it('a lock of another company put in before a submission signs nothing: it waits for its own', { timeout: 60_000 }, async () => {
  const tokens = join(stage.keys.store.directory, 'tokens')
  const ownTokens = readdirSync(tokens)
  const other = await stage.addUnit('乙修缮有限公司', 'li')
  // As when one is pulled and the other plugged between two looks.
  for (const token of ownTokens) renameSync(join(tokens, token), join(stage.folder, token))
  const id = await submit(1)
  const status = await stage.page.sync.syncNow({})
  expect(status.queued).toBe(1)
  expect([await arrived(), await signed()]).toEqual([[], []])
  for (const token of ownTokens) renameSync(join(stage.folder, token), join(tokens, token))

  await stage.page.caKey.refresh({})
  await until('both locks', () => stage.lock().certificates.length === 2)
  expect((await failureOf(stage.page.session.unlockWithKey(stage.withKey(other.token)))).code).toBe('key-different')
  await stage.page.session.unlockWithKey(stage.withKey())
  expect(await stage.page.sync.syncNow({})).toMatchObject({ queued: 0 })
  expect(await arrived()).toEqual([id])
  const [proof] = await signed()
  expect(proof?.account_id).toBe(stage.unit.accountId)
})

it('the PIN is in no argument, and no environment of the key process, while the lock is open', () => {
  const { pin } = secrets
  for (const pid of stage.keyProcesses()) {
    for (const part of ['cmdline', 'environ']) expect(readProc(pid, part), part).not.toContain(pin)
  }
  expect(stage.keyProcesses().length).toBeGreaterThan(0)
})

function readProc(pid: number, part: string): string {
  return readFileSync(`/proc/${pid}/${part}`, 'utf8')
}
