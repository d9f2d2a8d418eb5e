import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { startThread } from '../../electron/shell-common/worker-thread.ts'
import { createDescriptorRows } from '../../electron/host/faces/scan/descriptor-rows.ts'
import { createScanLink } from '../../electron/host/faces/scan/scan-link.ts'
import { descriptorLength } from '../../shared/domain/face/template.ts'
import { packagesBeside } from './install-beside.ts'
import { compiledProgram } from '../support/compiled.ts'
import { against, alone, alternate, atLeast, atMost, report, Timed } from './measure.ts'

// Looking for a face among 100,000 enrolled ones, exactly, for the five nearest: against sqlite-vec's exact scan of the same descriptors in the
// same process, and against how fast this machine reads memory at all, as if every descriptor were read whole. Beside it what the host waits for:
// its question to the thread, and the answer.
const people = 100_000
const most = 5
const bytes = people * descriptorLength * 4
const megabytesRead = 256

const descriptors = Float32Array.from({ length: people * descriptorLength }, () => Math.random() * 0.4 - 0.2)
const idOf = (index: number) => `018f0000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`
const descriptorOf = (index: number) => descriptors.subarray(index * descriptorLength, (index + 1) * descriptorLength)

const entry = fileURLToPath(new URL('../../electron/host/faces/scan/scan-thread.ts', import.meta.url))
const scan = createScanLink(() => startThread(entry), async function* () {
  for (let from = 0; from < people; from += 1_000) {
    yield Array.from({ length: 1_000 }, (_, index) => ({ id: idOf(from + index), descriptor: descriptorOf(from + index) }))
  }
})

const rows = createDescriptorRows()
for (let index = 0; index < people; index++) rows.put(idOf(index), descriptorOf(index))

const beside = packagesBeside('vec')
beside.install()
const vec = beside.require('sqlite-vec') as { load(db: Database.Database): void }
const plain = new Database(':memory:')
vec.load(plain)
plain.exec(`create virtual table face using vec0(descriptor float[${descriptorLength}])`)
const insert = plain.prepare('insert into face (descriptor) values (?)')
plain.transaction(() => {
  for (let index = 0; index < people; index++) insert.run(Buffer.from(descriptorOf(index).slice().buffer))
})()
const nearest = plain.prepare('select rowid, distance from face where descriptor match ? order by distance limit 5')

const reader = spawn(compiledProgram('tests/bench/vec/read-memory.cpp', ['-O3', '-march=native']), { stdio: ['pipe', 'pipe', 'inherit'] })
const answers = createInterface(reader.stdout)[Symbol.asyncIterator]()
/** Scaled to as many bytes as the scan has to look at. */
async function readMemory(): Promise<Timed> {
  reader.stdin.write('again\n')
  const { value } = await answers.next()
  return new Timed([Number(value) / 1e6 / ((megabytesRead << 20) / bytes)])
}

/** Somebody enrolled, as another picture shows them. */
const asked = (round: number) => descriptorOf((round * 7_919) % people).map((value, index) => value + (index % 2 === 0 ? 0.01 : -0.01))

const everybody = 100
const nobody: ReadonlySet<string> = new Set()
const [first] = (await scan.nearest([...asked(3)], everybody, most, [])).found
const [same] = nearest.all(Buffer.from(asked(3).buffer)) as { rowid: number; distance: number }[]
if (first?.id !== idOf((same?.rowid ?? 0) - 1) || Math.abs(first.distance - (same?.distance ?? 0)) > 1e-4) throw new Error('the two scans find different people')

const times = await alternate(
  {
    ours: (round) => rows.nearest(asked(round), everybody, most, nobody),
    vec: (round) => nearest.all(Buffer.from(asked(round).buffer)),
    asked: (round) => scan.nearest([...asked(round)], everybody, most, []),
    memory: readMemory,
  },
  60,
)
scan.stop()
plain.close()
reader.kill()
const perSecond = (milliseconds: readonly number[]) => milliseconds.map((each) => bytes / 1e6 / each)
report([
  against('nearest-of-100000', times.ours, 'sqlite-vec', times.vec, { bound: atMost(1 / 8) }),
  alone('answer-of-the-thread', times.asked),
  against('bandwidth', perSecond(times.ours), 'reading memory', perSecond(times.memory), { unit: 'GB/s', bound: atLeast(0.5) }),
])
