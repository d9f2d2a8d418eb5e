import { startProcess } from './start/processes.ts'
import { createShutdown, runUntilDone } from './start/shutdown.ts'

/** `npm run fuzz -- --steps N --seed S`: real workstations and a real central service under faults and kills (tests/fuzz/README.md). */
const shutdown = createShutdown()
await runUntilDone(shutdown, async () => {
  const run = shutdown.track(startProcess('fuzz', { command: process.execPath, args: ['tests/fuzz/run.ts', ...process.argv.slice(2)] }))
  if ((await run.exited) !== 0) throw new Error('The fuzzer has found something, see above.')
})
