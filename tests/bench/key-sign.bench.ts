import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeToken } from '../../build/demo/demo-token.ts'
import { startNodeKeyProcess } from '../../electron/browser/node-key-process.ts'
import { connectKeyProcess, keyDeadlines } from '../../electron/host/ca-key/key-connection.ts'
import { signedStatementText } from '../../shared/domain/ca-login-bytes.ts'
import { compiledProgram, pkcs11Headers } from '../support/compiled.ts'
import { makeTestKeys } from '../support/softhsm.ts'
import { against, alone, alternate, atMost, inARow, isWanted, report, Timed, type Figure } from './measure.ts'

// What it costs to keep the CA lock's library in a process of its own: a signature there, from the host's call to its answer,
// against the two bare calls in a C program, and against a process of OpenSC's tool. The software token signs in a millisecond
// or less; a real lock takes far longer.
const keys = await makeTestKeys()
const folder = mkdtempSync(join(tmpdir(), 'key-sign-'))
const pin = '12345678'
const statement = { audience: 'https://central.test', cid: 'c'.repeat(36), nonce: 'n'.repeat(43), deviceId: 'device-0123456789', purpose: 'login' }
const bareSign = compiledProgram('tests/bench/bare-sign/bare-sign.cpp', ['-w', '-fpermissive', pkcs11Headers])
const entry = fileURLToPath(new URL('../../electron/host/ca-key/key-process.ts', import.meta.url))

async function startHelper() {
  const helper = connectKeyProcess(startNodeKeyProcess(entry), keyDeadlines)
  await helper.driver.load(keys.store.modulePath)
  return helper
}

const kinds = {
  'rsa-2048': { algorithm: 'RSA-2048', alg: 'RS256', word: 'rsa', mechanism: 'SHA256-RSA-PKCS', limit: 2 },
  'p-256': { algorithm: 'P-256', alg: 'ES256', word: 'p256', mechanism: 'ECDSA', limit: 12 },
} as const

async function measure(name: keyof typeof kinds): Promise<Figure[]> {
  const { algorithm, alg, word, mechanism, limit } = kinds[name]
  const token = await makeToken(keys.store, keys.ca, { label: name, pin, company: '甲修缮公司', organizationCode: '91310000MA1FL0000X', algorithm })
  const text = Buffer.from(signedStatementText({ ...statement, certificateSha256: token.certificateSha256, alg }))
  const signed = alg === 'RS256' ? text : createHash('sha256').update(text).digest()
  const env = { ...process.env, ...keys.store.env }

  const bare = spawn(bareSign, [keys.store.modulePath, token.serial, pin, word, signed.toString('hex')], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface(bare.stdout)[Symbol.asyncIterator]()
  const askBare = async (count: number) => {
    bare.stdin.write(`${count}\n`)
    const { value } = await answers.next()
    return new Timed((value as string).trim().split(' ').map((nanoseconds) => Number(nanoseconds) / 1e6))
  }

  const input = join(folder, 'signed')
  writeFileSync(input, signed)
  const toolArguments = ['--module', keys.store.modulePath, '--token-label', name, '--login', '--pin', pin, '--sign', '--mechanism', mechanism, '--input-file', input, '--output-file', join(folder, 'signature')]
  const askTool = () => {
    const { status, stderr } = spawnSync('pkcs11-tool', toolArguments, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`pkcs11-tool: ${stderr}`)
  }

  const helper = await startHelper()
  await helper.driver.login(token.certificateId, pin, false)
  const sign = () => helper.driver.sign(token.certificateId, statement)
  const times = await alternate({ bare: () => askBare(10), helper: () => inARow(10, sign), tool: askTool }, 100)
  helper.kill()
  bare.stdin.end()
  return [
    against(name, times.helper, 'bare C call', times.bare, { bound: atMost(limit) }),
    against(`${name}-warm`, times.helper, 'pkcs11-tool process', times.tool, { bound: atMost(0.25) }),
    alone(`${name}-p95`, times.helper, { bound: atMost(100, 'ms'), part: 0.95 }),
  ]
}

/** From the end of a key process until another one has answered. */
async function measureRestarts(): Promise<Figure[]> {
  const times: number[] = []
  for (let round = 0; round < 10; round++) {
    const doomed = await startHelper()
    const started = performance.now()
    doomed.kill()
    await doomed.ended
    const next = await startHelper()
    await next.driver.presentSerials()
    times.push(performance.now() - started)
    next.kill()
  }
  return [{ name: 'restart-slowest', value: Math.max(...times), unit: 'ms', spread: [Math.min(...times), Math.max(...times)], bound: atMost(1_000, 'ms') }]
}

const figures: Figure[] = []
for (const name of ['rsa-2048', 'p-256'] as const) if ([name, `${name}-warm`, `${name}-p95`].some(isWanted)) figures.push(...(await measure(name)))
if (isWanted('restart-slowest')) figures.push(...(await measureRestarts()))
rmSync(folder, { recursive: true })
keys.remove()
report(figures)
