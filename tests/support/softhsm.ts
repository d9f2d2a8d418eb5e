import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDemoCa, type DemoCa } from '../../build/demo/demo-ca.ts'
import { openTokenStore, type TokenStore } from '../../build/demo/demo-token.ts'
import { compiledLibrary, pkcs11Headers } from './compiled.ts'

export type KeyFault =
  | 'another' | 'removed' | 'removed-while-signing' | 'hang' | 'hang-login' | 'crash' | 'slow-login' | 'low' | 'final-try' | 'locked' | 'expired' | 'no-mechanism' | 'no-hashing'
  | 'small-buffer' | 'operation-active' | 'stale-handle' | 'locks' | 'pin-length'

export interface TestKeys {
  readonly ca: DemoCa
  readonly store: TokenStore
  /** SoftHSM behind a door that the faults below can shut. */
  readonly faultyModule: string
  readonly env: Record<string, string>
  inject(fault: KeyFault): void
  mend(fault: KeyFault): void
  /** How many times a PIN has reached the module. */
  logins(): number
  remove(): void
}

/** A demo CA and a token store of its own for one test file. */
export async function makeTestKeys(): Promise<TestKeys> {
  const directory = mkdtempSync(join(tmpdir(), 'ca-key-'))
  const store = openTokenStore(join(directory, 'softhsm'))
  const faults = join(directory, 'faults')
  mkdirSync(faults)
  return {
    ca: await openDemoCa(join(directory, 'ca')),
    store,
    faultyModule: compiledLibrary('tests/support/pkcs11-faults/faults.cpp', ['-w', '-fpermissive', pkcs11Headers]),
    env: { ...store.env, FAULT_DIR: faults },
    inject: (fault) => writeFileSync(join(faults, fault), ''),
    mend: (fault) => rmSync(join(faults, fault), { force: true }),
    logins: () => (existsSync(join(faults, 'logins')) ? statSync(join(faults, 'logins')).size : 0),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
