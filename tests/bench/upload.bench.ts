import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeKillableCentral } from '../support/killable-central.ts'
import { claimOf, createTusCaller, pdfOf, sha256Of, signInOver } from '../support/uploads.ts'
import { alternate, atLeast, atMost, benchDirectory, inARow, isWanted, report, type Figure } from './measure.ts'

// 50 MB to the central service's own program: by tus in pieces of 8 MiB, checked by SHA-256, sealed and on the disk, against a plain PUT
// of the same bytes to a server with nothing around it; and once more while the service is killed three times in the middle.
const size = 50 * 10 ** 6
const piece = 8 << 20
const rounds = 8
const kills = 3

using directory = benchDirectory()
const central = await makeKillableCentral()
await central.start({ env: { CENTRAL_ATTACHMENTS: join(directory.path, 'attachments') } })
const { username } = await central.addUnit()
const tus = createTusCaller(central.url, await signInOver(central.url, username))
const figures: Figure[] = []
let wrong = 0

/** The same bytes but for a few: making and hashing them anew for each round would take longer than sending them. */
const content = pdfOf(size)
let made = 0
function nextContent(): Buffer {
  content.writeUInt32LE(++made, 16)
  return content
}

/** What was sent is what is there, and it is made room again. */
async function check(id: string, sha256: string): Promise<void> {
  const { body } = await tus.send('GET', `/v1/attachments/${id}/content`, {})
  if (sha256Of(body) !== sha256) wrong++
  await tus.send('DELETE', `/v1/attachments/${id}`, { 'idempotency-key': id })
}

async function compare(): Promise<void> {
  const folder = join(directory.path, 'put')
  mkdirSync(folder)
  const program = spawn(process.execPath, [fileURLToPath(new URL('upload/plain-put.ts', import.meta.url)), folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(program.stdout), 'line')) as [string]
  const put = createTusCaller((JSON.parse(line) as { url: string }).url, {})
  const times = await alternate(
    {
      ours: async () => {
        const bytes = nextContent()
        const claim = claimOf(bytes)
        const timed = await inARow(1, () => tus.upload(bytes, claim, piece))
        await check(claim.id, claim.sha256)
        return timed
      },
      put: async () => {
        const timed = await inARow(1, () => put.send('PUT', '/', {}, nextContent()))
        rmSync(folder, { recursive: true })
        mkdirSync(folder)
        return timed
      },
    },
    rounds,
  )
  put.close()
  program.kill()
  await once(program, 'exit')
  const rate = (ms: number) => size / 10 ** 6 / (ms / 1_000)
  // The two of a round run one right after the other: what else the machine does meets both. Told is the round in the middle.
  const pairs = times.ours.map((ours, round) => ({ ours, put: times.put[round] ?? NaN })).sort((a, b) => a.put / a.ours - b.put / b.ours)
  const ratioOf = (pair: { ours: number; put: number } | undefined) => (pair ? pair.put / pair.ours : NaN)
  const middle = pairs[Math.floor(pairs.length / 2)]
  figures.push({
    name: 'throughput', value: rate(middle?.ours ?? NaN), unit: 'MB/s', peer: { name: 'plain PUT', value: rate(middle?.put ?? NaN) },
    spread: [ratioOf(pairs[0]), ratioOf(pairs.at(-1))], bound: atLeast(0.65),
  })
}

/** @returns for each kill the bytes that were sent and had to be sent again, in pieces */
async function withKills(): Promise<number[]> {
  const bytes = nextContent()
  const claim = claimOf(bytes)
  await tus.create(claim)
  const again: number[] = []
  for (let offset = 0; offset < size; ) {
    const next = bytes.subarray(offset, offset + piece)
    if (again.length < kills && offset >= (again.length + 1) * piece) {
      const sent = next.subarray(0, Math.floor(next.length / 2))
      await tus.breakOff(claim.id, offset, sent, next.length, () => central.kill())
      await central.start({ env: { CENTRAL_ATTACHMENTS: join(directory.path, 'attachments') } })
      const there = (await tus.offset(claim.id)) ?? 0
      if (there < offset) wrong++
      again.push((offset + sent.length - there) / piece)
      offset = there
    } else {
      if ((await tus.append(claim.id, offset, next)).status !== 204) throw new Error('a piece was not taken')
      offset += next.length
    }
  }
  await check(claim.id, claim.sha256)
  return again
}

try {
  if (isWanted('throughput')) await compare()
  if (isWanted('sent-again')) {
    const again = await withKills()
    figures.push({ name: 'sent-again', value: Math.max(...again), unit: 'pieces', spread: [Math.min(...again), Math.max(...again)], bound: atMost(1, 'pieces') })
  }
  figures.push({ name: 'wrong', value: wrong, unit: 'wrong', bound: atMost(0, 'wrong') })
} finally {
  tus.close()
  await central.close()
}
report(figures)
