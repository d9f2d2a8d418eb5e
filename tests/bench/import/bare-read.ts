import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { readXlsx } from 'hucre/xlsx'

/** The library alone, in a thread of its own as ours is. */
const { sheets } = await readXlsx(readFileSync(String(workerData)))
parentPort?.postMessage(sheets[0]?.rows.length)
