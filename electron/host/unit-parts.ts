import * as v from 'valibot'
import { organizationResource } from '../../shared/api/resources.ts'
import type { BridgeEmit, BridgeServices } from '../../shared/contract/index.ts'
import type { Account, Organization } from '../../shared/contract/common.ts'
import type { MatchThresholds } from '../../shared/domain/face/matching.ts'
import type { Regions } from '../../shared/domain/regions.ts'
import { openAttachments, type OpenAttachments } from './attachments/open-attachments.ts'
import type { CentralAttachments, CentralPort, CentralPosters, CentralProjects, CentralSelfRegistrations, CentralUnit } from './central/central-port.ts'
import { scheduleBackups } from './database/backup-schedule.ts'
import type { LocalDb } from './database/local-tables.ts'
import { readMeta, rememberOrganization } from './database/meta.repository.ts'
import { newId } from './database/new-id.ts'
import type { LocalDatabase } from './database/open-local-database.ts'
import { openOrRebuild, type Rebuilt } from './database/rebuild.ts'
import { createRecordSearch } from './database/search.repository.ts'
import type { UnitPaths } from './database/unit-keys.ts'
import { openFaces } from './faces/open-faces.ts'
import type { HostPorts } from './ports.ts'
import { createNoticesService } from './services/notices/notices.service.ts'
import { createOrganizationService, type RememberedOrganization } from './services/organization/organization.service.ts'
import { createBindingsService } from './services/bindings/bindings.service.ts'
import { liveBindingsOf } from './services/bindings/live-bindings.ts'
import { createPostersService } from './services/posters/posters.service.ts'
import { createProjectsService } from './services/projects/projects.service.ts'
import { createRegistrationsService } from './services/registrations/registrations.service.ts'
import { createRosterService } from './services/roster/roster.service.ts'
import { createSelfRegistrationsService } from './services/self-registrations/self-registrations.service.ts'
import { createTransfersService, type TransfersService } from './services/transfers/transfers.service.ts'
import { withSignedPush, type SignSubmission } from './sync/signed-push.ts'
import { startSyncEngine, type SyncEngine } from './sync/sync-engine.ts'

export interface UnitDeps {
  readonly ports: Pick<HostPorts, 'paths' | 'secrets' | 'dialogs' | 'printing' | 'startRosterReader' | 'startFaceScan' | 'clock' | 'log'>
  readonly central: CentralPort & CentralAttachments & CentralUnit & CentralProjects & CentralPosters & CentralSelfRegistrations
  readonly emit: BridgeEmit
  readonly regions: Regions
  readonly signSubmission: SignSubmission
  /** See WorkstationConfig. */
  readonly faceThresholds?: MatchThresholds | undefined
}

/** What stands over one opening of a unit's file, and ends with it. */
export interface UnitParts {
  readonly local: LocalDatabase
  readonly rebuilt: Rebuilt | null
  readonly registrations: BridgeServices['registrations']
  readonly transfers: TransfersService
  readonly organization: BridgeServices['organization']
  readonly projects: BridgeServices['projects']
  readonly notices: BridgeServices['notices']
  readonly bindings: BridgeServices['bindings']
  readonly posters: BridgeServices['posters']
  readonly selfRegistrations: BridgeServices['selfRegistrations']
  readonly attachments: OpenAttachments['service']
  readonly roster: BridgeServices['roster']
  readonly faces: BridgeServices['faces']
  readonly sync: SyncEngine
  close(): Promise<void>
}

/**
 * @param damaged called when damage is met in the middle of work, once or often
 * @throws AppError as openOrRebuild; the file is closed then
 */
export async function openParts({ ports, central, emit, regions, signSubmission, faceThresholds }: UnitDeps, account: Account, organization: Organization, paths: UnitPaths, key: Uint8Array, damaged: () => void): Promise<UnitParts> {
  const { clock, log } = ports
  const { local, rebuilt } = await openOrRebuild(paths, key, clock, log, damaged)
  const bindingsChanged = () => emit('bindings', 'changed', {})
  const facesChanged = (recordIds: string[] | null) => {
    emit('faces', 'changed', { recordIds })
    emit('registrations', 'changed', { ids: recordIds })
    bindingsChanged()
  }
  /** There is nothing to wake before the sync has begun. */
  let wakeSync = (): void => undefined
  const faces = openFaces({ local, paths: paths.faces, ports, account, thresholds: faceThresholds, changed: facesChanged, wakeSync: () => wakeSync(), damaged })
  try {
    const changed = (ids: string[] | null) => {
      emit('registrations', 'changed', { ids })
      faces.follow(ids)
    }
    const attachmentsChanged = (recordId: string | null) => emit('attachments', 'changed', { recordId })
    const organizationChanged = () => emit('organization', 'changed', {})
    const sync = await startSyncEngine({
      local, central: withSignedPush(central, signSubmission), organizationId: organization.id, clock, log, attachmentsChanged, organizationChanged, bindingsChanged,
      projectsChanged: () => emit('projects', 'changed', {}), faceDataOf: faces.faceDataOf,
      rowsChanged: changed,
      facesChanged: (ids) => {
        facesChanged(ids)
        faces.follow(ids)
      },
    }, { news: { ask: (known, signal) => central.awaitNews(known, signal), bindingsChanged: account.reviewsRegistrations ? () => emit('bindingReviews', 'changed', {}) : null } })
    wakeSync = () => sync.wake()
    const attachments = await openAttachments({
      local, folder: paths.attachments, unitKey: key, central, ports, ofUnit: account.role === 'unit-admin', changed: attachmentsChanged, progress: (progress) => emit('attachments', 'progress', progress),
    })
    sync.onChange(({ phase }) => attachments.follow(phase))
    const search = createRecordSearch(local.file)
    const registrations = createRegistrationsService({ local, search, central, regions, clock, changed, wakeSync: () => sync.wake(), damaged })
    const roster = createRosterService({
      local, search, regions, ports, account, organization, changed, wakeSync: () => sync.wake(), damaged, show: (state) => emit('roster', 'changed', state),
    })
    const transfers = createTransfersService({
      local, central, bindings: liveBindingsOf(local), clock, changed, requestsChanged: () => emit('transfers', 'changed', {}), wakeSync: () => sync.wake(), damaged,
    })
    sync.onChange(({ phase }) => {
      if (phase === 'idle') transfers.lookAgain().catch((error: unknown) => log.error('requests', error))
    })
    const notices = createNoticesService({ local, account, clock, damaged })
    await notices.begin()
    const bindings = createBindingsService({
      local, unitName: organization.name, central, transfers, clock, recordsChanged: changed, changed: bindingsChanged, wakeSync: () => sync.wake(), damaged,
    })
    const backups = scheduleBackups(local, paths, key, clock, log, damaged)
    return {
      local,
      rebuilt,
      sync,
      registrations,
      attachments: attachments.service,
      roster: roster.calls,
      faces: faces.service,
      transfers,
      notices,
      bindings,
      selfRegistrations: createSelfRegistrationsService({ local, central, attachments: attachments.service, bindings, clock, log, changed, damaged }),
      projects: createProjectsService({ local, central, clock, syncNow: () => sync.syncNow(), damaged }),
      posters: createPostersService({ local, central, ports, organization, damaged }),
      organization: createOrganizationService({
        central,
        account,
        clock,
        newId: () => newId(clock.now()),
        changed: organizationChanged,
        remembered: () => rememberedOrganization(local.db),
        remember: (text, at) => rememberOrganization(local.db, text, at),
      }),
      close: async () => {
        await roster.close()
        await sync.stop()
        await faces.close()
        await attachments.close()
        await backups.stop()
        await local.close()
      },
    }
  } catch (error) {
    await faces.close()
    await local.close()
    throw error
  }
}

async function rememberedOrganization(db: LocalDb): Promise<RememberedOrganization | null> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), organizationResource), await readMeta(db, 'organization'))
  const at = await readMeta(db, 'organization-at')
  return parsed.success && at !== null ? { profile: parsed.output, at } : null
}
