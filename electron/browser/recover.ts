import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { recoverUnits, setLostUnitsAside, type UnitOutcome } from '../host/recovery.ts'
import { openKeyFileSecrets } from './key-file-secrets.ts'
import { claimSingleInstance } from './single-instance.ts'

/** For the day the secret store no longer opens a unit's local data: docs/recovery.md says who runs it and when. */
const options = parseArgs({
  options: { 'data': { type: 'string' }, 'recovery-key': { type: 'string' }, 'set-aside': { type: 'boolean', default: false } },
}).values

const sentences: Record<UnitOutcome['outcome'], string> = {
  'opens': '本来就能打开，未作改动',
  'recovered': '已恢复，可以正常登录使用',
  'key-does-not-fit': '恢复密钥不符，未作改动',
  'set-aside': '已另存保留，下次登录时从服务器重新取回',
}

async function main(): Promise<void> {
  const keyFile = options['recovery-key']
  if (!options.data || Boolean(keyFile) === options['set-aside']) throw new Error('usage: --data DIR (--recovery-key FILE | --set-aside)')
  const data = resolve(options.data)
  if (!existsSync(join(data, 'units'))) throw new Error(`${data} 中没有单位数据。`)
  const privateKey = keyFile ? readFileSync(keyFile, 'utf8') : null
  const release = await claimSingleInstance(data)
  try {
    const ports = { data, secrets: await openKeyFileSecrets(data) }
    const outcomes = privateKey === null ? await setLostUnitsAside(ports, { now: () => new Date() }) : await recoverUnits(ports, privateKey)
    for (const { organizationId, outcome } of outcomes) process.stdout.write(`${organizationId}：${sentences[outcome]}\n`)
    if (outcomes.some(({ outcome }) => outcome === 'key-does-not-fit')) process.exitCode = 1
  } finally {
    release()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
