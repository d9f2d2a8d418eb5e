import { basename } from 'node:path'
import { bridgeContract, type BridgeContract, type BridgeServices } from '../../shared/contract/index.ts'
import { createDispatcher, type Dispatcher } from '../../shared/wire/dispatcher.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { createCentralClient } from './central/central-client.ts'
import { installedDrivers, readDriverCatalogue, type DriverCandidate } from './ca-key/driver-catalogue.ts'
import { createKeyService } from './ca-key/key-service.ts'
import { openDevice } from './database/device.ts'
import { keepDisplaySettings, readDisplaySettings } from './display-settings.ts'
import { createForwarding } from './forwarded.ts'
import type { HostPorts } from './ports.ts'
import { createIdCardReaderService } from './services/id-card-reader.service.ts'
import { createBindingReviewsService } from './services/binding-reviews.service.ts'
import { createIdentityChecksService } from './services/identity-checks.service.ts'
import { createReviewedContents } from './services/reviewed-contents.ts'
import { showNumber } from './services/reveals.service.ts'
import { createReviewsService } from './services/reviews.service.ts'
import { orCentralNeeded } from './services/session/out-of-reach.ts'
import { createSessionService } from './services/session/session.service.ts'
import { whileUnlocked } from './services/while-unlocked.ts'
import { openUnit, readRegions, type OpenUnit } from './unit-workspace.ts'

export interface Host {
  /** Serves a page over its transport until that closes. */
  attach(transport: Transport): void
  close(): Promise<void>
}

/**
 * The composition root of the workstation: builds every service from what the shell provides. Runs in plain Node and
 * never asks which shell it is in.
 */
export async function createHost(ports: HostPorts): Promise<Host> {
  const device = await openDevice(ports.paths.data, ports.secrets, ports.clock, ports.log)
  const central = createCentralClient(ports.config, device.deviceId)
  const catalogue = readDriverCatalogue(ports.paths.resources)
  const regions = readRegions(ports.paths.resources)
  // Made below, from the services that emit; none of them does before it is their turn to run.
  const emit: Dispatcher<BridgeContract>['emit'] = (group, event, data) => dispatcher.emit(group, event, data)

  const candidates = (): DriverCandidate[] => {
    const named = [device.tokenDriver(), ports.config.tokenDriver].flatMap((path) => (path ? [{ name: basename(path), path }] : []))
    // One that was named at the start stands for all that is installed.
    return ports.config.tokenDriver ? named : [...named, ...installedDrivers(catalogue)]
  }
  const keys = createKeyService({
    startKeyProcess: () => ports.startKeyProcess(),
    candidates,
    choice: { path: () => device.tokenDriver(), keep: (path) => device.rememberTokenDriver(path) },
    emit: (state) => emit('caKey', 'changed', state),
    onRemoved: () => session.keyRemoved(),
    log: ports.log,
  })
  const reviewed = createReviewedContents(central)
  const reviewedOfBindings = createReviewedContents({
    readPending: async (id) => ({ attachments: (await central.readReviewedBinding(id)).registration?.attachments ?? [] }),
    readPendingAttachment: (id, attachmentId, signal) => central.readReviewedBindingAttachment(id, attachmentId, signal),
  })
  let unit: OpenUnit | undefined
  const session = createSessionService({
    central,
    keys,
    device,
    openWorkspace: async (account, organization, fresh) => {
      unit = await openUnit({ ports, central, emit, regions, signSubmission: session.signSubmission, faceThresholds: ports.config.faceThresholds }, account, organization, fresh)
      return unit
    },
    lockAfterMinutes: ports.config.lockAfterMinutes,
    clock: ports.clock,
    log: ports.log,
    emit: (state) => {
      if (state.phase !== 'signed-in') for (const contents of [reviewed, reviewedOfBindings]) contents.forget()
      emit('session', 'changed', state)
    },
  })

  /** The open unit of a session that is not locked. @throws AppError not-signed-in, locked */
  const unlocked = (): OpenUnit => unitOf(session.requireUnlocked().workspace)
  const requireUnlocked = () => void session.requireUnlocked()
  /** The open unit even behind the lock screen: for keeping what was typed. */
  const open = (): OpenUnit => unitOf(session.requireOpen().workspace)
  const unitOf = (workspace: unknown): OpenUnit => {
    if (!unit || unit !== workspace) throw new Error('the session shows a unit that is not open')
    return unit
  }

  const forwarded = createForwarding({ unlocked, open })

  const services: BridgeServices = {
    app: {
      info: () => ({ shell: ports.shell, version: ports.version, secretBackend: ports.secrets.backend, centralUrl: central.audience }),
      keepPlace: async ({ place }) => {
        await session.keepPlace(place)
        return {}
      },
    },
    display: {
      settings: () => readDisplaySettings(ports.paths.data),
      change: (settings) => {
        keepDisplaySettings(ports.paths.data, settings)
        ports.showColours?.(settings.colours)
        emit('display', 'changed', settings)
        return {}
      },
    },
    session: session.calls,
    caKey: {
      state: () => keys.state(),
      refresh: () => keys.refresh(),
      chooseDriver: async () => {
        const path = await ports.dialogs.openFile({ title: '选择CA锁驱动文件', filters: [{ name: 'CA锁驱动', extensions: ['dll', 'so'] }] })
        return path === null ? keys.state() : keys.choose({ name: basename(path), path })
      },
      forgetDriver: () => keys.forgetChoice(),
    },
    registrations: forwarded('registrations', ['keepDraft']),
    transfers: forwarded('transfers'),
    projects: forwarded('projects'),
    notices: forwarded('notices'),
    bindings: forwarded('bindings'),
    posters: forwarded('posters'),
    selfRegistrations: forwarded('selfRegistrations'),
    organization: forwarded('organization'),
    attachments: forwarded('attachments', ['addChunk', 'finishAdding', 'cancelAdding']),
    idCardReader: whileUnlocked(createIdCardReaderService(ports.idCardReader, ports.clock), requireUnlocked),
    roster: forwarded('roster'),
    reveals: {
      show: (input) => {
        const { account } = session.requireUnlocked()
        return unlocked().ask(({ local, sync }) => showNumber({ db: local.db, account, clock: ports.clock, wakeSync: () => sync.wake() }, input))
      },
      search: (input) => {
        session.requireUnlocked()
        return orCentralNeeded(central.searchReveals(input))
      },
    },
    reviews: whileUnlocked(createReviewsService(central, reviewed, ports.dialogs), requireUnlocked),
    bindingReviews: whileUnlocked(createBindingReviewsService(central, reviewedOfBindings, ports.dialogs), requireUnlocked),
    identityChecks: whileUnlocked(createIdentityChecksService(central), requireUnlocked),
    faces: forwarded('faces'),
    sync: {
      status: () => open().sync.status(),
      syncNow: async () => {
        const status = await unlocked().sync.syncNow()
        if (status.phase === 'idle') await unlocked().ask(({ transfers }) => transfers.lookAgain({ atOnce: true }))
        return status
      },
      acceptRemovals: () => unlocked().sync.acceptRemovals(),
    },
  }
  const dispatcher: Dispatcher<BridgeContract> = createDispatcher(bridgeContract, services, (error, method) => ports.log.error('call failed', error, { method }))

  return {
    attach: (transport) => dispatcher.attach(transport),
    close: async () => {
      await session.close()
      keys.close()
      central.close()
    },
  }
}
