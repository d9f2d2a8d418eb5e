import type { BridgeServices } from '../../../shared/contract/index.ts'
import { organizationKindTable } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralOrganization, CentralPort } from '../central/central-port.ts'
import type { Clock } from '../ports.ts'

export interface OrganizationDeps {
  readonly central: Pick<CentralPort, 'readOrganization'>
  readonly clock: Clock
  remembered(): Promise<CentralOrganization | null>
  remember(text: string): Promise<void>
}

/** 企业基本信息 of the own unit: from the central service, or as last known where it cannot be had. */
export function createOrganizationService(deps: OrganizationDeps): BridgeServices['organization'] {
  return {
    profile: async () => {
      const profile = await newest(deps)
      if (!profile) throw new AppError('central-unreachable')
      const { name, kind, creditCode, address, contactName, contactPhone } = profile
      return { name, kindLabel: organizationKindTable[kind].label, creditCode, address, contactName, contactPhone, fetchedAt: deps.clock.now().toISOString() }
    },
  }
}

async function newest(deps: OrganizationDeps): Promise<CentralOrganization | null> {
  try {
    const profile = await deps.central.readOrganization()
    await deps.remember(JSON.stringify(profile))
    return profile
  } catch (error) {
    if (error instanceof AppError) return deps.remembered()
    throw error
  }
}
