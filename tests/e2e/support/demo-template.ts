import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareDemo } from '../../../build/start/demo.ts'

const variable = 'E2E_DEMO_TEMPLATE'

/**
 * Made once a run: keys and certificates take seconds, and a stage of each file would make the same ones. Playwright hands
 * the environment on to the processes that run the files.
 * @returns takes it away again
 */
export async function makeDemoTemplate(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'workstation-e2e-demo-'))
  // The port stands in what is written anew at each start alone.
  await prepareDemo(folder, 1)
  process.env[variable] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/** A demonstration of its own for a stage in an empty folder. */
export function copyDemoTemplate(data: string): void {
  const template = process.env[variable]
  if (!template || !existsSync(template)) throw new Error(`${variable} names no folder: was the global set-up left out?`)
  cpSync(template, data, { recursive: true, preserveTimestamps: true })
}
