import { keyProcessContract } from '../../../shared/contract/key-process.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { createClient } from '../../../shared/wire/client.ts'
import type { KeyProcess } from '../ports.ts'
import type { KeyDriver } from './key-driver.ts'

export interface KeyDeadlines {
  /** ms; the start of the process is in it, on a PC that may just have been turned on. */
  readonly load: number
  /** ms; a clerk's key may take seconds to check a PIN. */
  readonly login: number
  readonly sign: number
  readonly other: number
}

export const keyDeadlines: KeyDeadlines = { load: 15_000, login: 15_000, sign: 20_000, other: 5_000 }

export interface KeyConnection {
  readonly driver: KeyDriver
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>
  kill(): void
}

/**
 * One run of the key process. A call that overruns its deadline means a library that hangs: no thread can be taken out
 * of it, so the process is killed and the call answers `key-hung`. One call at a time is on the way, so that a deadline
 * counts its own call only: looking for the key must not end a sign-in that waits for a button on the key.
 */
export function connectKeyProcess(process: KeyProcess, deadlines: KeyDeadlines): KeyConnection {
  const named: Readonly<Record<string, number>> = { 'keys.load': deadlines.load, 'keys.login': deadlines.login, 'keys.sign': deadlines.sign }
  let overran = false
  const { call } = createClient(keyProcessContract, process.transport, {
    deadline: (method) => named[method] ?? deadlines.other,
    onOverrun: () => {
      overran = true
      process.kill()
    },
  })
  const ended = new Promise<void>((resolve) => process.transport.onClose(resolve))

  let last: Promise<unknown> = Promise.resolve()
  function ask<T>(attempt: () => Promise<T>): Promise<T> {
    const run = last.then(() => answered(attempt))
    last = run.catch(() => undefined)
    return run
  }

  async function answered<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt()
    } catch (error) {
      // The process has died under this call, killed for another call's hang or crashed by itself.
      if (AppError.is(error, 'call-timeout', 'call-closed')) throw new AppError('key-hung', { overran })
      throw error
    }
  }

  const { keys } = call
  return {
    ended,
    kill: () => process.kill(),
    driver: {
      load: async (path) => void (await ask(() => keys.load({ path }))),
      listCertificates: async () => (await ask(() => keys.listCertificates({}))).certificates,
      presentSerials: async () => (await ask(() => keys.presentSerials({}))).serials,
      readCertificate: async (certificateId) => (await ask(() => keys.readCertificate({ certificateId }))).der,
      pinState: (certificateId) => ask(() => keys.pinState({ certificateId })),
      login: (certificateId, pin, confirmFinalTry) => ask(() => keys.login({ certificateId, pin, confirmFinalTry })),
      sign: (certificateId, statement) => ask(() => keys.sign({ certificateId, statement })),
      logout: async (certificateId) => void (await ask(() => keys.logout({ certificateId }))),
    },
  }
}
