import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { fuzz, type FuzzResult } from './fuzz.ts'
import { isPlant } from './plants.ts'

/** `npm run fuzz`: see README.md beside this file. */
const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    /** So many, beginning with `seed`. */
    seeds: { type: 'string', default: '1' },
    results: { type: 'string', default: 'out/fuzz/results.jsonl' },
    plant: { type: 'string' },
    /** Leaves a failed run's data. */
    keep: { type: 'boolean', default: false },
  },
})
const [steps, first, count] = [Number(values.steps), Number(values.seed), Number(values.seeds)]
if (![steps, first, count].every((number) => Number.isSafeInteger(number) && number > 0)) throw new Error('--steps, --seed and --seeds are whole numbers')
if (values.plant !== undefined && !isPlant(values.plant)) throw new Error(`no such bug: ${values.plant}`)
const plant = values.plant ?? null
const done = plant ? new Set<number>() : finished(values.results, steps)

const every = Math.max(100, steps / 10)
let failed = 0
for (let seed = first; seed < first + count; seed++) {
  if (count > 1 && done.has(seed)) {
    console.log(`seed ${seed}: held before`)
    continue
  }
  const result = await fuzz({ seed, steps, plant, keep: values.keep, progress: (step) => step % every === 0 && console.log(`seed ${seed}: step ${step}`) })
  log(values.results, result)
  report(result)
  if (result.failure) failed += 1
}
process.exit(failed > 0 ? 1 : 0)

/** Seeds that held over so many steps are not run again. */
function finished(path: string, wanted: number): Set<number> {
  if (!existsSync(path)) return new Set()
  const results = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as FuzzResult)
  return new Set(results.filter((result) => result.failure === null && result.steps === wanted).map(({ seed }) => seed))
}

function log(path: string, result: FuzzResult): void {
  if (plant) return
  mkdirSync(dirname(path), { recursive: true })
  appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), ...result })}\n`)
}

function report({ seed, failure, seconds, counts, registrations }: FuzzResult): void {
  if (!failure) {
    console.log(`seed ${seed}: ${steps} steps held in ${Math.round(seconds)} s (${(steps / seconds).toFixed(1)} a second), ${registrations} registrations; ${Object.entries(counts).map((each) => each.join(' ')).join(', ')}`)
    return
  }
  console.log(failure.last.join('\n'))
  console.log(`seed ${seed}: step ${failure.step}: ${failure.message}`)
  console.log(`Again: npm run fuzz -- --steps ${steps} --seed ${seed}${plant ? ` --plant ${plant}` : ''}${values.keep ? `; its data: ${failure.folder}` : ''}`)
}
