import { randomUUID } from 'node:crypto'
import { bindCertificate, findBinding } from '../../central/auth/certificate-bindings.repository.ts'
import type { Central } from '../support/central-service.ts'

/** A certificate that names the account's unit, bound to this account. @returns the binding's id */
export async function bindFor(central: Central, accountId: string): Promise<string> {
  const identity = { issuer: 'CN=测试CA', companyCode: randomUUID() }
  await bindCertificate(central.db, identity, accountId, central.clock.now())
  const binding = await findBinding(central.db, identity)
  if (!binding) throw new Error('not bound')
  return binding.id
}
