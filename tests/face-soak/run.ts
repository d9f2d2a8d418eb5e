import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { expectedOfClips, untilOf, wrongWith, type Expected } from '../support/face-clip-verdicts.ts'
import { clipNames, faceClips } from '../support/face-clips/face-clips.ts'
import { bundleFaceSearch, searchClip } from '../support/face-search.ts'

/** `npm run face:soak`: every clip so many times, attacks with all their attempts; says which came to something else than they must. */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, clips: { type: 'string' } } })
const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number')

interface Subject {
  readonly name: string
  readonly file: string
  readonly expected: Expected
}

/** What a clip from elsewhere must come to, by what its name begins with. */
const byName: readonly [RegExp, Expected][] = [
  [/^(live|other|challenge)/, { kind: 'accepted' }],
  [/^two/, { kind: 'refused', reason: 'many-faces' }],
  [/^no-?face/, { kind: 'refused', reason: 'no-face' }],
  [/^dark/, { kind: 'refused', reason: 'too-dark' }],
  [/^over/, { kind: 'refused', reason: 'too-bright' }],
  [/^blurred/, { kind: 'refused', reason: 'blurred' }],
  [/^far/, { kind: 'refused', reason: 'too-far' }],
  [/^(occluded|masked)/, { kind: 'refused', reason: 'covered' }],
  [/^attack/, { kind: 'attack' }],
]

async function ownClips(): Promise<Subject[]> {
  const files = await faceClips()
  return clipNames.map((name) => ({ name, file: files[name], expected: expectedOfClips[name] }))
}

function clipsOf(folder: string): Subject[] {
  if (!existsSync(folder)) throw new Error(`FACE_CLIPS names no folder: ${folder}`)
  return globSync(join(folder, '*.mjpeg')).sort().flatMap((file) => {
    const name = basename(file, '.mjpeg')
    const expected = byName.find(([pattern]) => pattern.test(name.replaceAll('_', '-')))?.[1]
    return expected ? [{ name: `FACE_CLIPS ${name}`, file, expected }] : []
  })
}

const subjects = [...(await ownClips()), ...(values.clips ? clipsOf(resolve(values.clips)) : [])]
const wrong = new Map<string, string[]>()
const folder = mkdtempSync(join(tmpdir(), 'face-soak-'))
try {
  await bundleFaceSearch(folder)
  for (let round = 1; round <= rounds; round++) await runRound(round)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const { name } of subjects) console.log(`${name}: ${wrong.get(name)?.length ?? 0} wrong of ${rounds}`)
const total = [...wrong.values()].flat().length
console.log(`${total} wrong of ${rounds * subjects.length}`)
process.exitCode = total === 0 ? 0 : 1

/** Two at a time: each has a browser of its own. */
async function runRound(round: number): Promise<void> {
  const waiting = [...subjects]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const what = wrongWith(next.expected, await searchClip(folder, next.file, { until: untilOf(next.expected, true), patience: 60_000 }))
      if (what === null) continue
      wrong.set(next.name, [...(wrong.get(next.name) ?? []), what])
      console.log(`round ${round}, ${next.name}: ${what}`)
    }
  }
  await Promise.all([work(), work()])
  console.log(`round ${round} of ${rounds}: ${[...wrong.values()].flat().length} wrong so far`)
}
