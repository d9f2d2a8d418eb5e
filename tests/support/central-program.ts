import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { openDemoCa, type DemoCa } from '../../build/demo/demo-ca.ts'
import type { DatabaseLocation } from '../../central/database/open.ts'

export interface Installation {
  readonly folder: string
  readonly ca: DemoCa
  readonly env: Readonly<Record<string, string>>
  /** Runs an operator command. */
  operate(args: string[], input?: string): Promise<{ code: number; out: string; err: string }>
  /** Starts the service as its own program, on a free port. `said`, its log, is there once it has ended. */
  start(changes?: Readonly<Record<string, string>>): Promise<{ url: string; said: Promise<string>; stop(): Promise<number> }>
  remove(): void
}

/** What an operator sets up: certificates of the demo CA, a data folder, the environment. */
export async function install(location: DatabaseLocation): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'central-program-'))
  const ca = await openDemoCa(join(folder, 'ca'))
  const { certificateChainPem, privateKeyPem } = await ca.issueServerCertificate(['127.0.0.1', 'localhost'])
  const write = (file: string, content: string) => {
    writeFileSync(join(folder, file), content, { mode: 0o600 })
    return join(folder, file)
  }
  mkdirSync(join(folder, 'data'))
  const env = {
    ...(process.env as Record<string, string>),
    CENTRAL_DATA: join(folder, 'data'), CENTRAL_PORT: '0', CENTRAL_AUDIENCE: 'https://127.0.0.1:8443',
    CENTRAL_TLS_CERT: write('cert.pem', certificateChainPem), CENTRAL_TLS_KEY: write('key.pem', privateKeyPem), CENTRAL_TRUSTED_CAS: write('cas.pem', ca.trustBundlePem),
    ...(location.kind === 'postgresql' ? { DATABASE_URL: location.url } : {}),
  }
  return {
    folder, ca, env,
    operate: async (args, input = '') => {
      const child = spawn(process.execPath, ['central/operator/cli.ts', ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
      child.stdin.end(input)
      const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number]>])
      return { code, out: out.trim(), err: err.trim() }
    },
    start: async (changes = {}) => {
      const child = spawn(process.execPath, ['central/server.ts'], { env: { ...env, ...changes }, stdio: ['ignore', 'pipe', 'pipe'] })
      const exited = once(child, 'exit') as Promise<[number]>
      const said = text(child.stderr)
      const line = await Promise.race([once(createInterface(child.stdout), 'line').then(([first]) => String(first)), exited.then(async () => Promise.reject(new Error(await said)))])
      return {
        url: (JSON.parse(line) as { url: string }).url,
        said,
        stop: async () => {
          child.kill('SIGTERM')
          return (await exited)[0]
        },
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
