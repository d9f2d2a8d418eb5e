import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Page } from '@playwright/test'
import { demoPassword, demoPin } from '../../../build/demo/units.ts'
import { inventedNumbers } from './people.ts'
import { sessionTokensIn } from './session-tokens.ts'

/** A PIN typed wrong is still somebody's guess at it. */
export const wrongPin = '999990'

/** Passwords that a test has made up besides the demo's. */
export const inventedPasswords = new Set<string>()

/** Whole numbers only: a clock's reading may well hold six digits of a PIN. */
const patterns = () => [demoPassword, demoPin, wrongPin, ...inventedPasswords, ...inventedNumbers].map((secret) => ({ secret, pattern: new RegExp(`(?<![0-9])${secret}(?![0-9])`, 'i') }))

function secretsIn(text: string): string[] {
  return [...patterns().flatMap(({ secret, pattern }) => (pattern.test(text) ? [secret] : [])), ...sessionTokensIn(text)]
}

/** Log files of every program below the folder that hold a secret or a typed number. @throws Error where there is no log at all */
export function secretsInLogs(data: string): string[] {
  const logs = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'))
  for (const program of ['workstation', 'central']) {
    if (!logs.some((file) => file.includes(`logs/${program}`))) throw new Error(`no log of the ${program} below ${data}: nothing was looked at`)
  }
  return logs.flatMap((file) => secretsIn(readFileSync(join(data, file), 'utf8')).map((secret) => `${file} holds ${secret}`))
}

/** Files that hold a typed number in plain bytes, whatever they are: local data, backups, the central database. */
export function plainNumbersAtRest(data: string): string[] {
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name)
    const bytes = bytesOf(path)
    return [...inventedNumbers].filter((number) => bytes.includes(number)).map((number) => `${relative(data, path)} holds ${number}`)
  })
}

/** Empty where it is gone: a backup that was being written has its own name by now. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** What the page left in the browser, and its address. */
export async function secretsInBrowser(page: Page): Promise<string[]> {
  const kept = await page.evaluate(async () => ({
    address: location.href,
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    history: JSON.stringify(history.state),
    window: window.name,
    visible: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name).join(),
    caches: (await caches.keys()).join(),
    workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope).join(),
  }))
  // Those that no script may see as well.
  const cookies = JSON.stringify(await page.context().cookies())
  const found = Object.entries({ ...kept, cookies }).flatMap(([where, text]) => secretsIn(text).map((secret) => `${where} holds ${secret}`))
  // The page has no business with a database or a cache of its own, so there is nothing to look into.
  if (kept.databases) found.push(`IndexedDB is used: ${kept.databases}`)
  if (kept.caches) found.push(`a cache is used: ${kept.caches}`)
  if (kept.workers) found.push(`a service worker is there: ${kept.workers}`)
  return found
}
