import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '@playwright/test'
import { createShutdown } from '../../../build/start/shutdown.ts'
import { setStage, type StageOptions } from '../../../build/tour/stage.ts'
import type { Tour } from '../../../build/tour/tour-step.ts'
import { copyDemoTemplate } from './demo-template.ts'
import { faceClips, type ClipName } from '../../support/face-clips/face-clips.ts'
import { startPostgres } from '../../support/postgres.ts'
import { createPageWatch, type PageWatch } from './page-watch.ts'
import { demoPaths } from '../../../build/demo/make-demo.ts'
import { noteSessions, stopNotingSessions } from './session-tokens.ts'
import { plainNumbersAtRest, secretsInBrowser, secretsInLogs } from './secrets.ts'

export { expect }

let current: { stage: Tour; pages: PageWatch; data: string } | undefined

/** Where a test ends, no page may have broken a rule, and no secret may lie about. */
export const test = base.extend<{ nothingLeaks: void }>({
  nothingLeaks: [
    async ({}, use) => {
      await use()
      if (!current) return
      const { pages, data } = current
      expect(pages.takeProblems(), 'no page broke the CSP, threw, or complained').toEqual([])
      for (const page of pages.contexts.flatMap((context) => context.pages())) {
        expect(await secretsInBrowser(page), 'the browser keeps no secret and no personal number').toEqual([])
      }
      expect(secretsInLogs(data), 'no log holds a secret or a personal number').toEqual([])
      expect(plainNumbersAtRest(data), 'no file holds a personal number in plain').toEqual([])
    },
    { auto: true },
  ],
})

/**
 * One whole product for the tests of a file: central service, workstation, CA locks, network. Setting it up takes
 * seconds, so the tests share it, in the order they stand; `prepare` brings it to where the first of them begins.
 */
export function useStage(prepare: (stage: Tour) => Promise<void> = async () => undefined, { onPostgres = false, clip, ...options }: Pick<StageOptions, 'workstation'> & { onPostgres?: boolean; /** Before the webcam. */ clip?: ClipName } = {}): () => Tour {
  const shutdown = createShutdown()

  test.beforeAll('the stage is set', async () => {
    test.setTimeout(90_000)
    if (!existsSync('out/browser/index.js') || !existsSync('out/central/server.js') || !existsSync('out/renderer/index.html')) {
      throw new Error('The programs are not built. Run: npm run build')
    }
    const data = mkdtempSync(join(tmpdir(), 'workstation-e2e-'))
    shutdown.onStop(() => rmSync(data, { recursive: true, force: true }))
    const postgres = onPostgres ? await startPostgres() : null
    if (postgres) shutdown.onStop(() => postgres.stop())
    // What stands in PostgreSQL is no file to be copied.
    else copyDemoTemplate(data)
    const pages = createPageWatch()
    const stage = await setStage(data, shutdown, { ...options, ...(clip ? { camera: (await faceClips())[clip] } : {}), ...(postgres ? { postgresUrl: await postgres.newDatabase() } : {}), headless: true, still: true, prepare: pages.watch })
    if (!postgres) noteSessions(demoPaths(stage.demo.folder).centralDatabase)
    current = { stage, pages, data }
    await prepare(stage)
  })

  test.afterAll('the stage is cleared', async () => {
    current = undefined
    stopNotingSessions()
    await shutdown.stop()
  })

  return () => {
    if (!current) throw new Error('the stage is not set')
    return current.stage
  }
}
