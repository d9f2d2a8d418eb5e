import { endSteps, type Counts } from './step.ts'

/** Runs a job's steps, ends them with it, and closes with the one line that says what came of it. */
export async function runJob(job: () => Promise<Counts>): Promise<void> {
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
    process.once(signal, () => {
      endSteps()
      process.exit(code)
    })
  }
  const began = performance.now()
  const { passed, failed } = await job()
  console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
