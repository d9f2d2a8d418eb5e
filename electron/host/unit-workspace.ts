import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { organizationResource } from '../../shared/api/resources.ts'
import type { BridgeEmit, BridgeServices } from '../../shared/contract/index.ts'
import type { Account, Organization } from '../../shared/contract/common.ts'
import { createRegions, type RegionNode, type Regions } from '../../shared/domain/regions.ts'
import type { CentralOrganization, CentralPort } from './central/central-port.ts'
import { scheduleBackups } from './database/backup-schedule.ts'
import { readMeta, readPlace, writeMeta, writePlace } from './database/meta.repository.ts'
import { openOrRebuild } from './database/rebuild.ts'
import { createRecordSearch } from './database/search.repository.ts'
import { openUnitKey, unitPaths } from './database/unit-keys.ts'
import type { HostPorts } from './ports.ts'
import { createOrganizationService } from './services/organization.service.ts'
import { createRegistrationsService } from './services/registrations/registrations.service.ts'
import type { UnitWorkspace } from './services/session/session-ports.ts'
import { startSyncEngine, type SyncEngine } from './sync/sync-engine.ts'

/** Everything that exists only while a unit is open. */
export interface OpenUnit extends UnitWorkspace {
  readonly registrations: BridgeServices['registrations']
  readonly organizationService: BridgeServices['organization']
  readonly sync: SyncEngine
}

export interface UnitDeps {
  readonly ports: HostPorts
  readonly central: CentralPort
  readonly emit: BridgeEmit
  readonly regions: Regions
}

/** @param fresh what the central service told of the unit at this sign-in; null offline */
export async function openUnit(
  { ports, central, emit, regions }: UnitDeps,
  account: Account,
  organization: Organization,
  fresh: { organization: CentralOrganization; epoch: string } | null,
): Promise<OpenUnit> {
  const { clock, log } = ports
  const paths = unitPaths(ports.paths.data, organization.id)
  const key = await openUnitKey(paths, ports.secrets, fresh?.organization.recoveryPublicKey ?? null)
  const { local, rebuilt } = await openOrRebuild(paths, key, clock, log)
  if (rebuilt) log.warn('unit file rebuilt', { from: rebuilt.from })
  if (fresh) await writeMeta(local.db, 'organization', JSON.stringify(fresh.organization))
  const changed = (ids: string[] | null) => emit('registrations', 'changed', { ids })
  const sync = await startSyncEngine({ local, central, organizationId: organization.id, clock, log, rowsChanged: changed })
  sync.onChange((status) => emit('sync', 'changed', status))
  const backups = scheduleBackups(local, paths, key, clock, log)
  return {
    account,
    organization,
    sync,
    registrations: createRegistrationsService({
      local, search: createRecordSearch(local.file), central, regions, clock, changed, wakeSync: () => sync.wake(),
    }),
    organizationService: createOrganizationService({
      central,
      clock,
      remembered: async () => parseOrganization(await readMeta(local.db, 'organization')),
      remember: (text) => writeMeta(local.db, 'organization', text),
    }),
    readPlace: () => readPlace(local.db, account.id),
    keepPlace: (place) => writePlace(local.db, account.id, place),
    close: async () => {
      await sync.stop()
      await backups.stop()
      await local.close()
    },
  }
}

export function readRegions(resources: string): Regions {
  const file = JSON.parse(readFileSync(join(resources, 'regions', 'regions.json'), 'utf8')) as { regions: RegionNode[] }
  return createRegions(file.regions)
}

function parseOrganization(text: string | null): CentralOrganization | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), organizationResource), text)
  return parsed.success ? parsed.output : null
}
