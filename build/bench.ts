import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { startProcess } from './start/processes.ts'
import { buildPrograms } from './start/programs.ts'
import { createShutdown, runUntilDone } from './start/shutdown.ts'

/**
 * `npm run bench -- [name …]`: measurements, one program at a time and nothing beside it. Each prints its own lines, a
 * ratio against a peer or a physical limit in the same run, and fails where it misses its bound.
 */
const shutdown = createShutdown()
await runUntilDone(shutdown, async () => {
  const wanted = process.argv.slice(2)
  const programs = globSync('tests/bench/*.bench.ts').sort().filter((path) => wanted.length === 0 || wanted.some((name) => path.includes(name)))
  if (programs.length === 0) throw new Error(`tests/bench has no such measurement: ${wanted.join(' ') || '*.bench.ts'}`)
  await buildPrograms(shutdown, tmpdir())
  const failed: string[] = []
  for (const path of programs) {
    console.log(`\n${path}`)
    const program = shutdown.track(startProcess(path, { command: process.execPath, args: ['--expose-gc', path] }))
    if ((await program.exited) !== 0) failed.push(path)
    // What it may have left behind would disturb the next one.
    program.kill()
  }
  console.log(`\n${programs.length - failed.length} of ${programs.length} measurements are within their bounds`)
  if (failed.length > 0) throw new Error(`Not: ${failed.join(', ')}`)
})
