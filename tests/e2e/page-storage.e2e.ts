import { randomBytes, createHash } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { demoPaths } from '../../build/demo/make-demo.ts'
import { demoPassword, demoPin } from '../../build/demo/units.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { secretsInBrowser } from './support/secrets.ts'
import { notedSessions } from './support/session-tokens.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

/** A session as the central service would write one, of which the test alone knows the token. */
function plantSession(path: string): string {
  const token = randomBytes(32).toString('base64url')
  const database = new Sqlite(path, { timeout: 10_000 })
  const change = database.prepare('update session set token_hash = ? where id = (select id from session limit 1)')
  const before = database.prepare<[], { token_hash: string }>('select token_hash from session limit 1').get()
  for (const hash of [createHash('sha256').update(token).digest('hex'), before?.token_hash]) change.run(hash)
  database.close()
  return token
}

test('a PIN, a password, the token of a session, an ID number or a phone number in any place the browser keeps would be found', async () => {
  const { page, demo } = stage()
  const token = plantSession(demoPaths(demo.folder).centralDatabase)
  const person = inventPerson('查存储')
  expect(await secretsInBrowser(page)).toEqual([])
  expect(notedSessions()).toBeGreaterThanOrEqual(2)
  for (const [secret, told] of [[demoPin], [demoPassword], [token, 'the token of a session'], [person.idCardNo], [person.mobile]] as const) {
    const name = told ?? secret
    const [url] = await page.evaluate((given) => {
      localStorage.setItem('planted', JSON.stringify({ given }))
      sessionStorage.setItem('planted', `x.${given}`)
      const before = [location.href, history.state] as const
      history.replaceState({ ...history.state, planted: given }, '', `${location.href}?q=${given}`)
      window.name = given
      return [before[0]]
    }, secret)
    await page.context().addCookies([{ name: 'planted', value: secret, url: new URL(page.url()).origin, httpOnly: true }])
    const found = await secretsInBrowser(page)
    for (const place of ['local', 'session', 'history', 'address', 'window', 'cookies']) expect(found).toContain(`${place} holds ${name}`)
    await page.evaluate((address) => {
      localStorage.clear()
      sessionStorage.clear()
      const { planted: _, ...state } = history.state as Record<string, unknown>
      history.replaceState(state, '', address)
      window.name = ''
    }, url)
    await page.context().clearCookies({ name: 'planted' })
  }
  expect(await secretsInBrowser(page)).toEqual([])
})

test('a database or a cache of the page would be found', async () => {
  const { page } = stage()
  await page.evaluate(async () => {
    await caches.open('planted')
    await new Promise((resolve) => { indexedDB.open('planted').onsuccess = resolve })
  })
  const found = await secretsInBrowser(page)
  await page.evaluate(async () => {
    await caches.delete('planted')
    indexedDB.deleteDatabase('planted')
  })
  expect(found).toEqual(['IndexedDB is used: planted', 'a cache is used: planted'])
  await page.reload()
  await expect.poll(() => secretsInBrowser(page)).toEqual([])
})
