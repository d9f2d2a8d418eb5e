import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShutdown, runUntilDone } from '../../build/start/shutdown.ts'
import { setStage } from '../../build/tour/stage.ts'
import { appFrame } from '../e2e/page-models/frame.ts'
import { signInWithKey } from '../e2e/support/clerks.ts'
import { atMost, median, report } from './measure.ts'

// From the CA lock being pulled until the lock screen covers the real window. The key is looked for once a second and
// counts as gone when two looks have missed it, so most of it is waiting.
const rounds = 12
const data = mkdtempSync(join(tmpdir(), 'window-lock-'))
const shutdown = createShutdown()

await runUntilDone(shutdown, async () => {
  shutdown.onStop(() => rmSync(data, { recursive: true, force: true }))
  const { page, locks } = await setStage(data, shutdown, { headless: true })
  await signInWithKey(page)
  const { lockScreen, unlockWithPin } = appFrame(page)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    // At another moment between two looks each time.
    await page.waitForTimeout((round * 1_000) / rounds)
    const pulled = performance.now()
    locks.pull('contractor')
    await lockScreen.waitFor()
    times.push(performance.now() - pulled)
    locks.plug('contractor')
    await unlockWithPin()
    await lockScreen.waitFor({ state: 'hidden' })
  }
  report([
    { name: 'slowest', value: Math.max(...times), unit: 'ms', spread: [Math.min(...times), Math.max(...times)], bound: atMost(3_000, 'ms') },
    { name: 'median', value: median(times), unit: 'ms' },
  ])
})
