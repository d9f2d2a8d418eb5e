import { execFileSync, spawn } from 'node:child_process'
import { KeyObject, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestAuthority } from './certificates.ts'

/** A certificate and its key, as PEM. */
export interface PemPair {
  readonly certificate: string
  readonly key: string
}

export const pemOf = ({ pem, keys }: TestAuthority): PemPair => ({ certificate: pem, key: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString() })

export type Standing = 'V' | 'R'

export interface ResponderOptions {
  /** Default: the CA itself. */
  readonly signer?: PemPair
  /** Until when its answers hold; default: it does not say. */
  readonly minutes?: number
  readonly more?: readonly string[]
}

/** Signs with SM2 as GM/T 0009 wants it. */
export const sm2Options = ['-md', 'sm3', '-sigopt', 'distid:1234567812345678']
export const sm2Responder = ['-rmd', 'sm3', '-rsigopt', 'distid:1234567812345678']

/** OpenSSL as the CA that knows which of its certificates are revoked: its own OCSP responder, and its own lists. */
export function openRevokingCa(ca: PemPair) {
  const folder = mkdtempSync(join(tmpdir(), 'revoking-ca-'))
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const [certificate, key] = [write('ca.pem', ca.certificate), write('ca.key', ca.key)]
  const index = write('index.txt', '')
  write('index.txt.attr', 'unique_subject = no\n')
  write('crlnumber', '01\n')
  const config = write('ca.cnf', `[ca]\ndefault_ca = this\n[this]\ndatabase = ${index}\ncrlnumber = ${join(folder, 'crlnumber')}\ndefault_md = sha256\n`)
  const standings = new Map<string, Standing>()
  const stops: (() => Promise<void>)[] = []

  /** From now on, and for responders started from now on. */
  function set(der: Uint8Array, standing: Standing): void {
    standings.set(new X509Certificate(der).serialNumber, standing)
    const line = ([serial, status]: [string, Standing]) => `${status}\t991231235959Z\t${status === 'R' ? '250101000000Z' : ''}\t${serial}\tunknown\t/CN=any\n`
    writeFileSync(index, [...standings].map(line).join(''))
  }

  async function startResponder({ signer = ca, minutes, more = [] }: ResponderOptions = {}): Promise<{ url: string; stop(): Promise<void> }> {
    const name = `responder-${stops.length}`
    const own = ['-rsigner', write(`${name}.pem`, signer.certificate), '-rkey', write(`${name}.key`, signer.key)]
    const holds = minutes === undefined ? [] : ['-nmin', String(minutes)]
    const child = spawn('openssl', ['ocsp', '-index', index, '-port', '0', '-CA', certificate, ...own, ...holds, ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'exit')
    const stop = async () => {
      child.kill('SIGKILL')
      await ended
    }
    stops.push(stop)
    const port = await Promise.race([portOf(child.stdout), portOf(child.stderr), ended.then(() => Promise.reject(new Error('openssl ocsp ended')))])
    return { url: `http://127.0.0.1:${port}/`, stop }
  }

  /** A list in DER; `args` are of `openssl ca -gencrl`. */
  function makeList(args: readonly string[] = ['-crldays', '1']): Buffer {
    const pem = join(folder, 'crl.pem')
    execFileSync('openssl', ['ca', '-gencrl', '-config', config, '-cert', certificate, '-keyfile', key, ...args, '-out', pem], { stdio: 'pipe' })
    return execFileSync('openssl', ['crl', '-in', pem, '-outform', 'DER'], { stdio: ['ignore', 'pipe', 'pipe'] })
  }

  return {
    folder, set, startResponder, makeList,
    close: async () => {
      for (const stop of stops) await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

export type RevokingCa = ReturnType<typeof openRevokingCa>

async function portOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, port] = /^ACCEPT .*:(\d+) PID/.exec(String(line)) ?? []
    if (port) return port
  }
  return new Promise(() => undefined)
}

/** SM2 keys and certificates, which only OpenSSL makes: a root, its intermediate and a lock of it. */
export function makeSm2Certificates(): { root: PemPair; ca: PemPair; lock: PemPair } {
  const folder = mkdtempSync(join(tmpdir(), 'sm2-ca-'))
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const id = 'distid:1234567812345678'
  const authority = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n'
  const make = (name: string, issuer: string, extensions: string): PemPair => {
    writeFileSync(at('ext'), extensions)
    openssl('ecparam', '-name', 'SM2', '-genkey', '-noout', '-out', at(`${name}.key`))
    openssl('req', '-new', '-key', at(`${name}.key`), '-sm3', '-sigopt', id, '-subj', `/O=SM2 Test/CN=${name}`, '-out', at('csr'))
    const signer = issuer === name ? ['-signkey', at(`${name}.key`)] : ['-CA', at(`${issuer}.pem`), '-CAkey', at(`${issuer}.key`), '-CAcreateserial']
    openssl('x509', '-req', '-in', at('csr'), ...signer, '-sm3', '-sigopt', id, '-vfyopt', id, '-days', '30', '-extfile', at('ext'), '-out', at(`${name}.pem`))
    return { certificate: readFileSync(at(`${name}.pem`), 'utf8'), key: readFileSync(at(`${name}.key`), 'utf8') }
  }
  const made = { root: make('root', 'root', authority), ca: make('ca', 'root', authority), lock: make('lock', 'ca', 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n') }
  rmSync(folder, { recursive: true })
  return made
}
