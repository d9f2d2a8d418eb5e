import { basename } from 'node:path'
import { bridgeContract, type BridgeContract, type BridgeServices } from '../../shared/contract/index.ts'
import { createDispatcher, type Dispatcher } from '../../shared/wire/dispatcher.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { createCentralClient } from './central/central-client.ts'
import { installedDrivers, readDriverCatalogue, type DriverCandidate } from './ca-key/driver-catalogue.ts'
import { createKeyService } from './ca-key/key-service.ts'
import { openDevice } from './database/device.ts'
import { keepDisplaySettings, readDisplaySettings } from './display-settings.ts'
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
import { postersOf } from './poster-calls.ts'
import { selfRegistrationsOf } from './self-registration-calls.ts'
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
      unit = await openUnit({ ports, central, emit, regions, signSubmission: session.signSubmission }, account, organization, fresh)
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

  const idCardReader = createIdCardReaderService(ports.idCardReader, ports.clock)

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
    registrations: delegated(unlocked, open),
    transfers: transfersOf(unlocked),
    projects: projectsOf(unlocked),
    notices: {
      list: (input) => unlocked().ask(({ notices }) => notices.list(input)),
      markSeen: (input) => unlocked().ask(({ notices }) => notices.markSeen(input)),
    },
    bindings: bindingsOf(unlocked),
    posters: postersOf(unlocked),
    selfRegistrations: selfRegistrationsOf(unlocked),
    organization: organizationOf(unlocked),
    attachments: attachmentsOf(unlocked, open),
    idCardReader: {
      state: (input) => {
        session.requireUnlocked()
        return idCardReader.state(input)
      },
      read: async (input) => {
        session.requireUnlocked()
        return idCardReader.read(input)
      },
    },
    roster: rosterOf(unlocked),
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

/** Calls of the open unit. What is being typed is kept even behind the lock screen: it shows nothing, and may be the last second's. */
function delegated(unlocked: () => OpenUnit, open: () => OpenUnit): BridgeServices['registrations'] {
  return {
    list: (input) => unlocked().ask(({ registrations }) => registrations.list(input)),
    checkIdCardNo: (input) => unlocked().ask(({ registrations }) => registrations.checkIdCardNo(input)),
    begin: (input) => unlocked().ask(({ registrations }) => registrations.begin(input)),
    open: (input) => unlocked().ask(({ registrations }) => registrations.open(input)),
    keepDraft: (input) => open().ask(({ registrations }) => registrations.keepDraft(input)),
    save: (input) => unlocked().ask(({ registrations }) => registrations.save(input)),
    submit: (input) => unlocked().ask(({ registrations }) => registrations.submit(input)),
    discardDraft: (input) => unlocked().ask(({ registrations }) => registrations.discardDraft(input)),
    remove: (input) => unlocked().ask(({ registrations }) => registrations.remove(input)),
    conflict: (input) => unlocked().ask(({ registrations }) => registrations.conflict(input)),
    resolveConflict: (input) => unlocked().ask(({ registrations }) => registrations.resolveConflict(input)),
    history: (input) => unlocked().ask(({ registrations }) => registrations.history(input)),
  }
}

/** As above: a file that was chosen before the screen locked comes in whole behind it. */
function attachmentsOf(unlocked: () => OpenUnit, open: () => OpenUnit): BridgeServices['attachments'] {
  return {
    list: (input) => unlocked().ask(({ attachments }) => attachments.list(input)),
    beginAdding: (input) => unlocked().ask(({ attachments }) => attachments.beginAdding(input)),
    addChunk: (input) => open().ask(({ attachments }) => attachments.addChunk(input)),
    finishAdding: (input) => open().ask(({ attachments }) => attachments.finishAdding(input)),
    matchPhotos: (input) => unlocked().ask(({ attachments }) => attachments.matchPhotos(input)),
    cancelAdding: (input) => open().ask(({ attachments }) => attachments.cancelAdding(input)),
    remove: (input) => unlocked().ask(({ attachments }) => attachments.remove(input)),
    restore: (input) => unlocked().ask(({ attachments }) => attachments.restore(input)),
    startUpload: (input) => unlocked().ask(({ attachments }) => attachments.startUpload(input)),
    pauseUpload: (input) => unlocked().ask(({ attachments }) => attachments.pauseUpload(input)),
    read: (input) => unlocked().ask(({ attachments }) => attachments.read(input)),
    download: (input) => unlocked().ask(({ attachments }) => attachments.download(input)),
    expiringProofs: (input) => unlocked().ask(({ attachments }) => attachments.expiringProofs(input)),
  }
}

function organizationOf(unlocked: () => OpenUnit): BridgeServices['organization'] {
  return {
    profile: (input) => unlocked().ask(({ organizationService }) => organizationService.profile(input)),
    saveContact: (input) => unlocked().ask(({ organizationService }) => organizationService.saveContact(input)),
    accounts: (input) => unlocked().ask(({ organizationService }) => organizationService.accounts(input)),
    addAccount: (input) => unlocked().ask(({ organizationService }) => organizationService.addAccount(input)),
    changeAccount: (input) => unlocked().ask(({ organizationService }) => organizationService.changeAccount(input)),
    resetPassword: (input) => unlocked().ask(({ organizationService }) => organizationService.resetPassword(input)),
    certificates: (input) => unlocked().ask(({ organizationService }) => organizationService.certificates(input)),
    setBound: (input) => unlocked().ask(({ organizationService }) => organizationService.setBound(input)),
  }
}

function rosterOf(unlocked: () => OpenUnit): BridgeServices['roster'] {
  return {
    state: (input) => unlocked().ask(({ roster }) => roster.state(input)),
    template: (input) => unlocked().ask(({ roster }) => roster.template(input)),
    choose: (input) => unlocked().ask(({ roster }) => roster.choose(input)),
    beginFile: (input) => unlocked().ask(({ roster }) => roster.beginFile(input)),
    addPiece: (input) => unlocked().ask(({ roster }) => roster.addPiece(input)),
    finishFile: (input) => unlocked().ask(({ roster }) => roster.finishFile(input)),
    cancel: (input) => unlocked().ask(({ roster }) => roster.cancel(input)),
    rows: (input) => unlocked().ask(({ roster }) => roster.rows(input)),
    edit: (input) => unlocked().ask(({ roster }) => roster.edit(input)),
    errorAfter: (input) => unlocked().ask(({ roster }) => roster.errorAfter(input)),
    commit: (input) => unlocked().ask(({ roster }) => roster.commit(input)),
    photos: (input) => unlocked().ask(({ roster }) => roster.photos(input)),
    readPhoto: (input) => unlocked().ask(({ roster }) => roster.readPhoto(input)),
    review: (input) => unlocked().ask(({ roster }) => roster.review(input)),
    saveErrors: (input) => unlocked().ask(({ roster }) => roster.saveErrors(input)),
    imports: (input) => unlocked().ask(({ roster }) => roster.imports(input)),
    resume: (input) => unlocked().ask(({ roster }) => roster.resume(input)),
    rollBack: (input) => unlocked().ask(({ roster }) => roster.rollBack(input)),
    exportColumns: (input) => unlocked().ask(({ roster }) => roster.exportColumns(input)),
    exportPeople: (input) => unlocked().ask(({ roster }) => roster.exportPeople(input)),
  }
}

function projectsOf(unlocked: () => OpenUnit): BridgeServices['projects'] {
  return {
    list: (input) => unlocked().ask(({ projects }) => projects.list(input)),
    lookUp: (input) => unlocked().ask(({ projects }) => projects.lookUp(input)),
    link: (input) => unlocked().ask(({ projects }) => projects.link(input)),
    unlink: (input) => unlocked().ask(({ projects }) => projects.unlink(input)),
  }
}

function transfersOf(unlocked: () => OpenUnit): BridgeServices['transfers'] {
  return {
    beforeTransferOut: (input) => unlocked().ask(({ transfers }) => transfers.beforeTransferOut(input)),
    transferOut: (input) => unlocked().ask(({ transfers }) => transfers.transferOut(input)),
    cancelTransferOut: (input) => unlocked().ask(({ transfers }) => transfers.cancelTransferOut(input)),
    requests: (input) => unlocked().ask(({ transfers }) => transfers.requests(input)),
    refresh: (input) => unlocked().ask(({ transfers }) => transfers.refresh(input)),
    ask: (input) => unlocked().ask(({ transfers }) => transfers.ask(input)),
    withdraw: (input) => unlocked().ask(({ transfers }) => transfers.withdraw(input)),
    refuse: (input) => unlocked().ask(({ transfers }) => transfers.refuse(input)),
    transferIn: (input) => unlocked().ask(({ transfers }) => transfers.transferIn(input)),
  }
}

function bindingsOf(unlocked: () => OpenUnit): BridgeServices['bindings'] {
  return {
    list: (input) => unlocked().ask(({ bindings }) => bindings.list(input)),
    submit: (input) => unlocked().ask(({ bindings }) => bindings.submit(input)),
    leave: (input) => unlocked().ask(({ bindings }) => bindings.leave(input)),
    remove: (input) => unlocked().ask(({ bindings }) => bindings.remove(input)),
    retry: (input) => unlocked().ask(({ bindings }) => bindings.retry(input)),
    dismiss: (input) => unlocked().ask(({ bindings }) => bindings.dismiss(input)),
    candidates: (input) => unlocked().ask(({ bindings }) => bindings.candidates(input)),
    add: (input) => unlocked().ask(({ bindings }) => bindings.add(input)),
    beginRegistration: (input) => unlocked().ask(({ bindings }) => bindings.beginRegistration(input)),
    isElsewhere: (input) => unlocked().ask(({ bindings }) => bindings.isElsewhere(input)),
    askTransfer: (input) => unlocked().ask(({ bindings }) => bindings.askTransfer(input)),
    workHistory: (input) => unlocked().ask(({ bindings }) => bindings.workHistory(input)),
    refusals: (input) => unlocked().ask(({ bindings }) => bindings.refusals(input)),
    teams: (input) => unlocked().ask(({ bindings }) => bindings.teams(input)),
    putTeam: (input) => unlocked().ask(({ bindings }) => bindings.putTeam(input)),
    removeTeam: (input) => unlocked().ask(({ bindings }) => bindings.removeTeam(input)),
    assignTeam: (input) => unlocked().ask(({ bindings }) => bindings.assignTeam(input)),
  }
}
