import { afterEach, beforeEach, expect, it } from 'vitest'
import { idCardNoOf, personValues } from '../support/people.ts'
import { failureOf, until } from '../support/key-service-rig.ts'
import { setLockStage, type LockStage } from './lock-stage.ts'

const secrets = { pin: '20260101', password: '正确的测试密码-1' }

let stage: LockStage
beforeEach(async () => {
  stage = await setLockStage(secrets)
  await stage.lockShows()
  await stage.page.session.signInWithKey(stage.withKey())
  await until('the first sync', () => stage.requests.some(({ url }) => url.startsWith('/v1/changes')))
})
afterEach(() => stage?.close())

const sessions = () => stage.context.db.selectFrom('session').select(['id', 'device_id', 'suspended_at']).execute()
/** Of the workstation's own requests. */
const lastToken = () => stage.requests.flatMap(({ url, token }) => (url.startsWith('/v1/changes') && token ? [token] : [])).at(-1) ?? ''
const pull = async () => {
  stage.keys.inject('removed')
  await expect.poll(async () => (await stage.page.session.state({})).phase, { timeout: 15_000, interval: 20 }).toBe('locked')
  await expect.poll(async () => (await sessions()).map(({ suspended_at }) => suspended_at !== null), { timeout: 15_000, interval: 20 }).toEqual([true])
}
const unlock = async () => {
  stage.keys.mend('removed')
  await until('the lock again', () => stage.lock().certificates.length > 0)
  await stage.page.session.unlockWithKey(stage.withKey())
}
/** As who has copied the token from the memory of the workstation. */
async function useToken(token: string): Promise<unknown> {
  const [session] = await sessions()
  const reply = await fetch(`${stage.audience()}/v1/organization`, { headers: { 'authorization': `Bearer ${token}`, 'device-id': session?.device_id ?? '' } })
  return reply.ok ? 'ok' : ((await reply.json()) as { code: string }).code
}

it('a pulled lock suspends the session at the central service: its token is worth nothing, before and after the lock is back', { timeout: 60_000 }, async () => {
  const token = lastToken()
  expect(await useToken(token)).toBe('ok')
  await pull()
  expect(await useToken(token)).toBe('session-suspended')
  expect((await failureOf(stage.page.registrations.list({ query: '', page: 1, pageSize: 10 }))).code).toBe('locked')

  await unlock()
  await stage.page.sync.syncNow({})
  expect(await useToken(token)).toBe('session-missing')
  expect(lastToken()).not.toBe(token)
  expect(await useToken(lastToken())).toBe('ok')
  expect(await sessions()).toEqual([expect.objectContaining({ suspended_at: null })])
})

it('signing out ends the session at the central service as well', { timeout: 60_000 }, async () => {
  const token = lastToken()
  await stage.page.session.signOut({})
  await expect.poll(sessions, { timeout: 15_000, interval: 20 }).toEqual([])
  expect(await useToken(token)).toBe('session-missing')
})

it('what is typed and submitted around a pulled lock is all there, and goes once when the lock is back', { timeout: 60_000 }, async () => {
  const { page } = stage
  const { id, revision } = await page.registrations.begin({ idCardNo: idCardNoOf(1) })
  await pull()
  const { revision: kept } = await page.registrations.keepDraft({ id, revision, values: personValues(1) })
  await unlock()
  await page.registrations.submit({ id, revision: kept, values: personValues(1) })
  expect(await page.sync.syncNow({})).toMatchObject({ queued: 0 })
  expect(await stage.context.db.selectFrom('registration').select(['id', 'version']).execute()).toEqual([{ id, version: 1 }])
})
