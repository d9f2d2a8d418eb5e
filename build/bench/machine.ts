import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { digits } from './figure.ts'

/** What figures were measured on: without it they say nothing. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly kernel: string
  /** Over 1, 5 and 15 minutes, before anything is measured. */
  readonly loadAverage: readonly number[]
  /** ms, a 4 KiB page written over and synced, on the disk that `out/` is on. */
  readonly fdatasyncP50: number
  readonly node: string
  readonly date: string
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(), memoryGb: Math.round(totalmem() / 2 ** 30), kernel: `${type()} ${release()}`,
    loadAverage: loadavg(), fdatasyncP50: fdatasyncP50('out'), node: process.versions.node, date: new Date().toISOString(),
  }
}

export function machineLine({ cpu, cores, memoryGb, kernel, loadAverage, fdatasyncP50, node, date }: Machine): string {
  const load = loadAverage.map((each) => each.toFixed(2)).join(' ')
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}, load average ${load}, fdatasync p50 ${digits(fdatasyncP50)} ms, Node ${node}, ${date}`
}

function fdatasyncP50(parent: string): number {
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'machine-'))
  const file = openSync(join(folder, 'page'), 'w')
  try {
    const page = Buffer.alloc(4_096, 7)
    const times: number[] = []
    for (let round = 0; round < 101; round++) {
      writeSync(file, page, 0, page.length, 0)
      const started = performance.now()
      fdatasyncSync(file)
      // The first one makes the file grow.
      if (round > 0) times.push(performance.now() - started)
    }
    return times.sort((a, b) => a - b)[50] ?? NaN
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}
