import type { BridgeServices } from '../../../shared/contract/index.ts'
import { organizationKindTable } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralOrganization, CentralPort } from '../central/central-port.ts'
import type { Clock } from '../ports.ts'

export interface OrganizationDeps {
  readonly central: Pick<CentralPort, 'readOrganization'>
  readonly clock: Clock
  remembered(): Promise<RememberedOrganization | null>
  remember(text: string, at: string): Promise<void>
}

export interface RememberedOrganization {
  readonly profile: CentralOrganization
  /** When it was told. */
  readonly at: string
}

/** 企业基本信息 of the own unit: from the central service, or as last known where it cannot be had. */
export function createOrganizationService(deps: OrganizationDeps): BridgeServices['organization'] {
  return {
    profile: async () => {
      const newest = await newestOf(deps)
      if (!newest) throw new AppError('central-unreachable')
      const { name, kind, creditCode, address, contactName, contactPhone } = newest.profile
      return { name, kindLabel: organizationKindTable[kind].label, creditCode, address, contactName, contactPhone, fetchedAt: newest.at }
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
