import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { choose, type Choice } from './bench/choice.ts'
import { closingLine, factsOf, lineOf, tally, type Figure } from './bench/figure.ts'
import { machineLine, thisMachine } from './bench/machine.ts'
import { startProcess } from './start/processes.ts'
import { buildPrograms } from './start/programs.ts'
import { createShutdown, runUntilDone } from './start/shutdown.ts'

/**
 * `npm run bench -- [NAME …] [--json]`: measurements, one program at a time and nothing beside it, one line a figure. It fails
 * where a bound is missed. FACE_IMAGES and FACE_PAIRS name what `face-accuracy` is measured with. With --json each line is an object, and stdout carries nothing else (`npm run bench --silent -- --json`).
 */
const shutdown = createShutdown()
const parameters = process.argv.slice(2)
const json = parameters.includes('--json')
const say = (text: string, facts: object) => console.log(json ? JSON.stringify(facts) : text)

await runUntilDone(shutdown, async () => {
  const choices = choose(programNames(), parameters.filter((each) => each !== '--json'))
  const machine = thisMachine()
  say(machineLine(machine), { machine })
  await buildPrograms(shutdown, tmpdir())
  const figures: Figure[] = []
  const broken: string[] = []
  for (const choice of choices) {
    const measured = await run(choice)
    for (const figure of measured.figures) say(lineOf(figure), factsOf(figure))
    figures.push(...measured.figures)
    if (measured.broken) broken.push(choice.program)
  }
  const result = tally(figures, broken)
  const load = loadavg()
  say(`${closingLine(result)}; load average at the end ${load.map((each) => each.toFixed(2)).join(' ')}`, { ...result, loadAverage: load })
  if (result.missed.length + broken.length > 0) throw new Error('Not everything is within its bounds.')
})

function programNames(): string[] {
  return globSync('tests/bench/*.bench.ts').map((path) => basename(path, '.bench.ts')).sort()
}

async function run({ program, only }: Choice): Promise<{ figures: Figure[]; broken: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const file = join(folder, 'figures.jsonl')
    const running = shutdown.track(
      startProcess(program, {
        command: process.execPath,
        args: ['--expose-gc', `tests/bench/${program}.bench.ts`],
        env: { BENCH_FIGURES: file, BENCH_ONLY: only?.join(' ') ?? '' },
        printsOnStderr: true,
      }),
    )
    const code = await running.exited
    // What it may have left behind would disturb the next one.
    running.kill()
    const figures = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Figure) : []
    return { figures, broken: code !== 0 || figures.length === 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
