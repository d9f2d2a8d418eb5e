import { keyProcessContract, type KeyProcessContract } from '../../../shared/contract/key-process.contract.ts'
import type { Services } from '../../../shared/wire/contract.ts'
import { createDispatcher } from '../../../shared/wire/dispatcher.ts'
import type { Transport } from '../../../shared/wire/transport.ts'
import type { KeyDriver } from './key-driver.ts'
import { createPkcs11Driver } from './pkcs11-driver.ts'

/**
 * Serves a key driver over a transport, one call at a time: a second operation on a token that is at work answers
 * CKR_OPERATION_ACTIVE, and two threads in a vendor's library may crash it.
 */
export function serveKeys(transport: Transport, driver: KeyDriver = createPkcs11Driver()): void {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const run = last.then(task, task)
    last = run.catch(() => undefined)
    return run
  }
  const services: Services<KeyProcessContract> = {
    keys: {
      load: ({ path }) => inTurn(async () => (await driver.load(path), {})),
      listCertificates: () => inTurn(async () => ({ certificates: await driver.listCertificates() })),
      presentSerials: () => inTurn(async () => ({ serials: await driver.presentSerials() })),
      readCertificate: ({ certificateId }) => inTurn(async () => ({ der: await driver.readCertificate(certificateId) })),
      pinState: ({ certificateId }) => inTurn(() => driver.pinState(certificateId)),
      login: ({ certificateId, pin, confirmFinalTry }) => inTurn(() => driver.login(certificateId, pin, confirmFinalTry)),
      sign: ({ certificateId, statement }) => inTurn(() => driver.sign(certificateId, statement)),
      logout: ({ certificateId }) => inTurn(async () => (await driver.logout(certificateId), {})),
    },
  }
  // An unforeseen failure may quote what it was given; the host learns only that there was one.
  const dispatcher = createDispatcher(keyProcessContract, services, () => undefined)
  dispatcher.attach(transport)
}
