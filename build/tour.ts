import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { buildPrograms } from './start/programs.ts'
import { createShutdown, runUntilDone } from './start/shutdown.ts'
import { setStage } from './tour/stage.ts'
import { tourSteps } from './tour/steps/index.ts'
import type { Tour, TourStep } from './tour/tour-step.ts'

/** `npm run tour`: plays what the product can do, says each step in a line, leaves a screenshot of each in out/tour; `-- --pictures` takes those of the docs anew. */
const pictures = 'out/tour'
const docsPictures = process.argv.includes('--pictures') ? 'docs/pictures' : undefined
/** A small office screen as it is and at 125 %: the windows that clerks have. */
const docsSizes = [{ width: 1366, height: 768 }, { width: 1093, height: 614 }]
const folder = mkdtempSync(join(tmpdir(), 'workstation-tour-'))
const shutdown = createShutdown()
shutdown.onStop(() => rmSync(folder, { recursive: true, force: true }))
await runUntilDone(shutdown, playAll)

async function playAll(): Promise<void> {
  await buildPrograms(shutdown, folder)
  rmSync(pictures, { recursive: true, force: true })
  for (const folder of [pictures, docsPictures]) if (folder) mkdirSync(folder, { recursive: true })
  const tour = await setStage(folder, shutdown)
  for (const [index, step] of tourSteps.entries()) await play(tour, step, String(index + 1).padStart(2, '0'))
  console.log(`${tourSteps.length} ${tourSteps.length === 1 ? 'step' : 'steps'}. Pictures: ${pictures}/`)
}

/** A step that fails ends the tour: the next ones build on it. Its picture is taken all the same. */
async function play(tour: Tour, step: TourStep, number: string): Promise<void> {
  const file = join(pictures, `${number}-${step.name}.png`)
  // Menus and dialogs as they stand once they have opened.
  const takePicture = () => (step.picture?.(tour) ?? tour.page).screenshot({ path: file, animations: 'disabled' })
  try {
    const outcome = await step.play(tour)
    await takePicture()
    if (docsPictures && step.docsPicture) await takeDocsPictures(step.picture?.(tour) ?? tour.page, join(docsPictures, step.docsPicture))
    console.log(`${number} ${step.says}: ${outcome}`)
  } catch (error) {
    await takePicture().catch(() => undefined)
    throw new Error(`${number} ${step.says}: failed (${file})\n${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function takeDocsPictures(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const [index, size] of docsSizes.entries()) {
    await page.setViewportSize(size)
    await page.screenshot({ path: `${name}${index === 0 ? '' : `-${size.width}x${size.height}`}.png`, animations: 'disabled' })
  }
  if (before) await page.setViewportSize(before)
}
