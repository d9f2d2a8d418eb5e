import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'
import { findFreePort } from '../../build/start/ports.ts'
import { startCentral } from '../support/central-service.ts'
import { putUpPoster } from '../support/self-registrations.ts'
import { packagesBeside } from './install-beside.ts'
import { alone, atLeast, atMost, benchDirectory, report } from './measure.ts'

/**
 * The worker page as Lighthouse's mobile profile sees it: a phone four times slower than this machine, on slow 4G. On a machine that has
 * other work the phone is slower still; `machine` is Lighthouse's own figure for what it was measured on, where about 1,000 and more is meant.
 */
const rounds = 5

interface Result {
  readonly categories: Readonly<Record<string, { score: number } | undefined>>
  readonly audits: Readonly<Record<string, { numericValue: number } | undefined>>
  readonly environment: { benchmarkIndex: number }
}
type Lighthouse = (url: string, flags: { port: number; logLevel: 'error'; onlyCategories: string[] }) => Promise<{ lhr: Result } | undefined>

const beside = packagesBeside('lighthouse')
beside.install()
const { default: lighthouse } = (await import(pathToFileURL(beside.require.resolve('lighthouse')).href)) as { default: Lighthouse }

using directory = benchDirectory()
const central = await startCentral({ kind: 'sqlite', path: join(directory.path, 'central.db') }, { workerPage: 'out/worker-page' })
const origin = await central.app.listen({ host: '127.0.0.1', port: 0 })
const { code } = await putUpPoster(central, await central.newClerk('上海某某修缮工程有限公司'))
const port = await findFreePort()
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`] })

const results: Result[] = []
for (let round = 0; round < rounds; round++) {
  const visited = await lighthouse(`${origin}/W/${code}`, { port, logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'] })
  if (visited) results.push(visited.lhr)
}
await browser.close()
await central.close()

const score = (category: string) => results.map(({ categories }) => (categories[category]?.score ?? NaN) * 100)
const audit = (name: string) => results.map(({ audits }) => audits[name]?.numericValue ?? NaN)
report([
  alone('score', score('performance'), { bound: atLeast(95, 'points'), unit: 'points' }),
  alone('accessibility', score('accessibility'), { bound: atLeast(95, 'points'), unit: 'points' }),
  alone('best-practices', score('best-practices'), { bound: atLeast(95, 'points'), unit: 'points' }),
  alone('first-paint', audit('first-contentful-paint')),
  alone('largest-paint', audit('largest-contentful-paint')),
  alone('blocked', audit('total-blocking-time')),
  alone('interactive', audit('interactive')),
  alone('bytes', audit('total-byte-weight').map((bytes) => bytes / 1_000), { bound: atMost(150, 'kB'), unit: 'kB' }),
  alone('machine', results.map(({ environment }) => environment.benchmarkIndex), { unit: 'points' }),
])
