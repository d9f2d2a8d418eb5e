import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { resolve } from 'node:path'

export interface Counts {
  passed: number
  failed: number
}

export interface Step {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  /** Only in the time that others leave: it may run beside what measures how fast the product answers. */
  inSpareTime?: boolean
  /** Reads what a test runner left; without it the step itself counts as one. */
  count?: () => Counts
}

const running = new Set<number>()

/** Colour codes would end up in logs. */
const { FORCE_COLOR: _, ...inherited } = process.env
// What Node has compiled once, every process that a test starts finds.
const plainEnv = { ...inherited, NO_COLOR: '1', NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') }

/** Runs a step quietly, says how long it took, and shows all it printed where it failed. */
export async function runStep({ name, command, args, env, inSpareTime = false, count }: Step): Promise<Counts> {
  const began = performance.now()
  const { succeeded, output } = await run(command, args, env, inSpareTime)
  const counts = countsOf(succeeded, count)
  const passed = succeeded && counts.failed === 0
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6)
  const detail = count ? `  ${counts.passed} passed, ${counts.failed} failed` : ''
  console.log(`${passed ? '✓' : '✗'} ${seconds} s  ${name}${detail}`)
  if (!passed) console.log(`\n> ${[command, ...args].join(' ')}\n${output}`)
  return counts
}

/** One step after the other, whatever becomes of each. */
export async function runInTurn(steps: Step[]): Promise<Counts> {
  const all: Counts[] = []
  for (const step of steps) all.push(await runStep(step))
  return sum(all)
}

export function sum(counts: Counts[]): Counts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  }
}

/** Ends the steps that run and all they have started. */
export function endSteps(): void {
  for (const pid of running) process.kill(-pid, 'SIGTERM')
}

function run(command: string, args: string[], env: Record<string, string> = {}, inSpareTime: boolean) {
  return new Promise<{ succeeded: boolean; output: string }>((resolve) => {
    // A group of its own, so that a step that is ended takes its browsers and servers with it.
    const child = spawn(command, args, { env: { ...plainEnv, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    const end = (succeeded: boolean, reason = '') => {
      if (child.pid !== undefined) running.delete(child.pid)
      resolve({ succeeded, output: Buffer.concat(parts).toString('utf8') + reason })
    }
    if (child.pid !== undefined) {
      running.add(child.pid)
      if (inSpareTime) setPriority(child.pid, constants.priority.PRIORITY_LOW)
    }
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.on('error', (error) => end(false, error.message))
    child.on('close', (code) => end(code === 0))
  })
}

/** A runner that failed counts at least one failure, also where it counted none itself or left nothing to read. */
function countsOf(succeeded: boolean, count: Step['count']): Counts {
  if (!count) return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  try {
    const counts = count()
    return succeeded ? counts : { ...counts, failed: Math.max(counts.failed, 1) }
  } catch (error) {
    console.log(`  no result to read: ${error instanceof Error ? error.message : String(error)}`)
    return { passed: 0, failed: 1 }
  }
}

interface VitestReport {
  numPassedTests: number
  numTotalTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

/** Anything but a pass is a failure, skipped tests too; a file that could not even be loaded is one. */
export function countVitest(file: string): Counts {
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const unloaded = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
  return { passed: report.numPassedTests, failed: report.numTotalTests - report.numPassedTests + unloaded.length }
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  errors: unknown[]
}

export function countPlaywright(file: string): Counts {
  const { stats, errors } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped + errors.length }
}
