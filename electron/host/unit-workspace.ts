import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account, Organization } from '../../shared/contract/common.ts'
import type { SyncStatus } from '../../shared/contract/sync.contract.ts'
import { createRegions, type RegionNode, type Regions } from '../../shared/domain/regions.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { CentralOrganization } from './central/central-port.ts'
import { localFailure } from './database/local-failure.ts'
import { readPlace, rememberOrganization, writeMeta, writePlace } from './database/meta.repository.ts'
import { openUnitKey, unitPaths } from './database/unit-keys.ts'
import type { UnitWorkspace } from './services/session/session-ports.ts'
import { openParts, type UnitDeps, type UnitParts } from './unit-parts.ts'

/** A unit's local data, open for as long as somebody is signed in, through damage to its file as well. */
export interface OpenUnit extends UnitWorkspace {
  /**
   * Runs a call on what is open now. Where the file turns out damaged under it, it is rebuilt and the call runs once more:
   * what failed was rolled back whole.
   */
  ask<T>(task: (parts: UnitParts) => T | Promise<T>): Promise<T>
  readonly sync: UnitWorkspace['sync'] & { syncNow(): Promise<SyncStatus>; acceptRemovals(): Promise<SyncStatus> }
}

/** @param fresh what the central service told of the unit at this sign-in; null offline */
export async function openUnit(
  deps: UnitDeps,
  account: Account,
  organization: Organization,
  fresh: { organization: CentralOrganization; epoch: string; identityCheckRequired: boolean } | null,
): Promise<OpenUnit> {
  const { paths: { data }, secrets, clock, log } = deps.ports
  const paths = unitPaths(data, organization.id)
  const key = await openUnitKey(paths, secrets, fresh?.organization.recoveryPublicKey ?? null, log)
  const listeners: ((status: SyncStatus) => void)[] = []
  const running = new Set<Promise<unknown>>()
  let syncing: 'not-yet' | 'going' | 'key-removed' = 'not-yet'
  let closed = false
  /** Counts of the last rebuild: the clerk is told until they sign out. */
  let notice: SyncStatus['problem'] = null
  let mending: Promise<UnitParts> | undefined
  /** None while the file is being rebuilt, and where that failed. */
  let parts: UnitParts | undefined

  const damaged = () => {
    if (parts && !mending && !closed) void mend().catch((error: unknown) => log.error('unit file not rebuilt', error))
  }
  const told = (status: SyncStatus): SyncStatus => ({ ...status, problem: status.problem ?? notice })

  async function open(): Promise<UnitParts> {
    const opened = await openParts(deps, account, organization, paths, key, damaged)
    if (opened.rebuilt) notice = { code: 'local-damaged', details: { from: opened.rebuilt.from, ...opened.rebuilt.salvaged } }
    opened.sync.onChange((status) => {
      deps.emit('sync', 'changed', told(status))
      for (const listener of listeners) listener(told(status))
    })
    return opened
  }

  /** Closes the file, has it rebuilt and opens it again; calls wait meanwhile. One at a time. */
  function mend(): Promise<UnitParts> {
    mending ??= reopen().finally(() => (mending = undefined))
    return mending
  }

  async function reopen(): Promise<UnitParts> {
    log.warn('unit file is closed to be rebuilt')
    const before = parts
    parts = undefined
    await Promise.allSettled(running)
    lastStatus = before?.sync.status() ?? lastStatus
    await before?.close()
    const opened = await open()
    parts = opened
    if (closed) return opened
    deps.emit('registrations', 'changed', { ids: null })
    deps.emit('sync', 'changed', told(opened.sync.status()))
    if (syncing === 'going') opened.sync.resume()
    if (syncing === 'key-removed') opened.sync.pause('key-removed')
    return opened
  }

  async function attempt<T>(task: (parts: UnitParts) => T | Promise<T>): Promise<T> {
    const current = parts ?? (await mend())
    const attempted = Promise.resolve(current).then(task)
    running.add(attempted)
    try {
      return await attempted
    } finally {
      running.delete(attempted)
    }
  }

  async function ask<T>(task: (parts: UnitParts) => T | Promise<T>): Promise<T> {
    try {
      return await attempt(task)
    } catch (error) {
      if (closed || !AppError.is(localFailure(error), 'local-damaged')) throw error
      await mend()
      return attempt(task)
    }
  }

  async function close(): Promise<void> {
    closed = true
    await mending?.catch((error: unknown) => log.error('unit file not rebuilt', error))
    await parts?.close()
  }

  parts = await open()
  let lastStatus = parts.sync.status()
  try {
    if (fresh) {
      await ask(async ({ local }) => {
        await rememberOrganization(local.db, JSON.stringify(fresh.organization), clock.now().toISOString())
        await writeMeta(local.db, 'identity-check-required', fresh.identityCheckRequired ? '1' : '0')
      })
    }
  } catch (error) {
    await close()
    throw localFailure(error) ?? error
  }
  return {
    account,
    organization,
    ask,
    sync: {
      status: () => told(parts?.sync.status() ?? lastStatus),
      onChange: (listener) => void listeners.push(listener),
      syncNow: async () => told(await ask(({ sync }) => sync.syncNow())),
      acceptRemovals: async () => told(await ask(({ sync }) => sync.acceptRemovals())),
      pause: (reason) => {
        syncing = reason
        parts?.sync.pause(reason)
      },
      resume: () => {
        syncing = 'going'
        parts?.sync.resume()
      },
    },
    readPlace: () => ask(({ local }) => readPlace(local.db, account.id)),
    keepPlace: (place) => ask(({ local }) => writePlace(local.db, account.id, place)),
    close,
  }
}

export function readRegions(resources: string): Regions {
  const file = JSON.parse(readFileSync(join(resources, 'regions', 'regions.json'), 'utf8')) as { regions: RegionNode[] }
  return createRegions(file.regions)
}
