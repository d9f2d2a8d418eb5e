import type { Account } from '../../../../shared/contract/common.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { organizationKindTable } from '../../../../shared/domain/statuses.ts'
import { contactProblems, tidyContact } from '../../../../shared/domain/unit-contact.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { CentralOrganization, CentralPort, CentralUnit } from '../../central/central-port.ts'
import type { Clock } from '../../ports.ts'
import { createAskedOnce } from '../asked-once.ts'
import { createUnitAccounts } from './unit-accounts.ts'

export interface OrganizationDeps {
  readonly central: Pick<CentralPort, 'readOrganization'> & CentralUnit
  readonly account: Pick<Account, 'role'>
  readonly clock: Clock
  remembered(): Promise<RememberedOrganization | null>
  remember(text: string, at: string): Promise<void>
  /** Makes an idempotency key, or an id. */
  newId(): string
  /** What is remembered is other than before. */
  readonly changed: () => void
}

export interface RememberedOrganization {
  readonly profile: CentralOrganization
  /** When it was told. */
  readonly at: string
}

/** 企业基本信息 of the own unit: from the central service, or as last known where it cannot be had. What changes it goes out at once. */
export function createOrganizationService(deps: OrganizationDeps): BridgeServices['organization'] {
  const once = createAskedOnce(deps.newId, 'central-needed')

  async function show({ profile, at }: RememberedOrganization) {
    const { name, kind, creditCode, address, contactName, contactPhone, version } = profile
    return { version, name, kindLabel: organizationKindTable[kind].label, creditCode, address, contactName, contactPhone, fetchedAt: at, mayEdit: deps.account.role === 'unit-admin' }
  }

  return {
    ...createUnitAccounts(deps),
    profile: async () => {
      const newest = await newestOf(deps)
      if (!newest) throw new AppError('central-unreachable')
      return show(newest)
    },
    saveContact: async ({ version, changes }) => {
      const contact = tidyContact(changes)
      const count = Object.keys(contactProblems(contact)).length
      if (count > 0) throw new AppError('organization-invalid', { count })
      const written = await changedMeanwhile('unit-changed', once(JSON.stringify([version, contact]), (key) => deps.central.patchOrganization(contact, version, key)))
      const known = await deps.remembered()
      const at = deps.clock.now().toISOString()
      // Whoever else changed it since is heard of by the sync.
      if (known) await deps.remember(JSON.stringify({ ...known.profile, ...contact, version: written }), at)
      deps.changed()
      const newest = await newestOf(deps)
      if (!newest) throw new AppError('central-unreachable')
      return show(newest)
    },
  }
}

async function newestOf(deps: OrganizationDeps): Promise<RememberedOrganization | null> {
  try {
    const profile = await deps.central.readOrganization()
    const at = deps.clock.now().toISOString()
    await deps.remember(JSON.stringify(profile), at)
    return { profile, at }
  } catch (error) {
    if (error instanceof AppError) return deps.remembered()
    throw error
  }
}

/** Says of what is shown that somebody else changed it: here nothing is merged. @throws AppError `code` for `version-conflict` */
export async function changedMeanwhile<T>(code: 'unit-changed' | 'account-changed', call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (AppError.is(error, 'version-conflict')) throw new AppError(code, {}, { cause: error })
    throw error
  }
}
