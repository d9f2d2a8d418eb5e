import { randomUUID } from 'node:crypto'
import type { BridgeServices } from '../../../shared/contract/index.ts'
import type { CentralIdentityChecks } from '../central/central-port.ts'
import { createAskedOnce, online } from './asked-once.ts'

/**
 * 非人脸核验: passes on to the central service, where the second person finds it at once.
 * @throws AppError `central-needed` where it cannot be reached
 */
export function createIdentityChecksService(central: CentralIdentityChecks): BridgeServices['identityChecks'] {
  const askedOnce = createAskedOnce(() => ({ key: randomUUID() }), 'central-needed')
  return {
    waiting: async () => ({ items: await online(central.listWaitingIdentityChecks(), 'central-needed') }),
    ofRegistration: ({ id }) => online(central.identityChecksOf(id), 'central-needed'),
    begin: ({ registrationId, ...compared }) => askedOnce(JSON.stringify(['begin', registrationId, compared]), ({ key }) => central.beginIdentityCheck(registrationId, compared, key)),
    finish: ({ id, ...look }) => askedOnce(JSON.stringify(['finish', id, look]), ({ key }) => central.finishIdentityCheck(id, look, key)),
  }
}
