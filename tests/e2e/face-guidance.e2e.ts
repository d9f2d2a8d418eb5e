import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { expectedOfClips, untilOf, wrongWith } from '../support/face-clip-verdicts.ts'
import { clipNames, faceClips, type ClipName } from '../support/face-clips/face-clips.ts'
import { bundleFaceSearch, searchClip } from '../support/face-search.ts'

// The page's own capture before Chromium's fake webcam, without the workstation around it.
const folder = mkdtempSync(join(tmpdir(), 'face-search-'))
let clips: Readonly<Record<ClipName, string>>

test.beforeAll(async () => {
  clips = await faceClips()
  await bundleFaceSearch(folder)
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function wrongOf(name: ClipName): Promise<string | null> {
  const expected = expectedOfClips[name]
  return wrongWith(expected, await searchClip(folder, clips[name], { until: untilOf(expected, false) }))
}

/** Two at a time, for each has a browser of its own. @returns what is wrong with which clip */
async function wrongClips(names: readonly ClipName[]): Promise<string[]> {
  const wrong: string[] = []
  for (let index = 0; index < names.length; index += 2) {
    const pair = names.slice(index, index + 2)
    const found = await Promise.all(pair.map(wrongOf))
    wrong.push(...found.flatMap((what, place) => (what === null ? [] : [`${pair[place] ?? ''}: ${what}`])))
  }
  return wrong
}

const ofKind = (kind: string) => clipNames.filter((name) => expectedOfClips[name].kind === kind)

test('whoever turns left, turns right and opens the mouth as asked is enrolled', async () => {
  expect(await wrongOf('challenge')).toBeNull()
})

test('every bad picture is refused with its own reason within two seconds', async () => {
  expect(ofKind('refused')).toHaveLength(8)
  expect(await wrongClips(ofKind('refused'))).toEqual([])
})

test('a film that moves otherwise than asked fails', async () => {
  expect(await wrongOf('attack-film')).toBeNull()
})

test('a challenge begun by one person and continued by another fails', async () => {
  expect(await wrongOf('person-swap')).toBeNull()
})

test('photos held up, turned, bent or shown by a telephone do not complete the challenge', async () => {
  const photos = ofKind('attack').filter((name) => /photo|screen|print/.test(name))
  expect(photos).toHaveLength(4)
  expect(await wrongClips(photos)).toEqual([])
})
