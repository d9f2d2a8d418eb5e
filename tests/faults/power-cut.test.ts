import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { compiledLibrary } from '../support/compiled.ts'
import { lostSaves, savesUntilKilled, type Save } from '../support/killed-saves.ts'
import { temporaryDirectory } from '../support/local-unit.ts'

// The disk keeps of each file what it held when it was last synced, and nothing else: tests/support/power-cut.
const library = compiledLibrary('tests/support/power-cut/power-cut.cpp')

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory.remove())

/** @returns what the machine finds on its disk when it comes up again */
async function workUntilPowerCut(disk: string, next: string, first: number, careless = false): Promise<Save[]> {
  if (existsSync(disk)) cpSync(disk, next, { recursive: true })
  else mkdirSync(disk)
  const env = { LD_PRELOAD: library, POWER_CUT_FROM: disk, POWER_CUT_TO: next }
  return savesUntilKilled(disk, { first, after: 30 + (first % 7) * 25, env, careless })
}
const disk = (boot: number) => join(directory.path, `disk-${boot}`)

it('every acknowledged save is there after power cuts at random moments, one after another', { timeout: 120_000 }, async () => {
  const cuts = 6
  const acknowledged: Save[] = []
  for (let cut = 0; cut < cuts; cut++) acknowledged.push(...(await workUntilPowerCut(disk(cut), disk(cut + 1), cut * 10_001)))
  expect(acknowledged.length).toBeGreaterThan(150)
  expect(await lostSaves(disk(cuts), acknowledged)).toEqual([])
})

it('one that was acknowledged before it was synced is lost: the cut is one', { timeout: 60_000 }, async () => {
  const acknowledged = await workUntilPowerCut(disk(0), disk(1), 1, true)
  expect((await lostSaves(disk(1), acknowledged)).length).toBeGreaterThan(0)
})
