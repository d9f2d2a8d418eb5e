import type { BridgeServices } from '../../../shared/contract/index.ts'
import type { Account } from '../../../shared/contract/common.ts'
import { facesAPut } from '../../../shared/contract/face-scan.contract.ts'
import { usualMatchThresholds, type MatchThresholds } from '../../../shared/domain/face/matching.ts'
import { faceCropVersion, faceModelId } from '../../../shared/domain/face/template.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { HostPorts } from '../ports.ts'
import type { FacesContext } from '../services/faces/faces-context.ts'
import { createFacesService } from '../services/faces/faces.service.ts'
import { followRegistrations } from '../services/faces/follow.ts'
import { queueNoted } from '../services/faces/journal.ts'
import type { SyncContext } from '../sync/sync-context.ts'
import { enrolledDescriptors, findTemplateOfWrite, standingConsent } from './face.repository.ts'
import type { FacePaths } from './face-file.ts'
import { createFaceStore } from './face-store.ts'
import { createScanLink } from './scan/scan-link.ts'

export interface FacesDeps {
  readonly local: LocalDatabase
  readonly paths: FacePaths
  readonly ports: Pick<HostPorts, 'secrets' | 'startFaceScan' | 'clock' | 'log'>
  readonly account: Account
  /** Absent: the usual ones. */
  readonly thresholds?: MatchThresholds | undefined
  readonly changed: (recordIds: string[] | null) => void
  readonly wakeSync: () => void
  readonly damaged?: () => void
}

export interface OpenFaces {
  readonly service: BridgeServices['faces']
  /** Something of these registrations is other than before: of those who have left or withdrawn nothing stays. Null: of anybody. */
  follow(recordIds: readonly string[] | null): void
  readonly faceDataOf: NonNullable<SyncContext['faceDataOf']>
  close(): Promise<void>
}

/** 人脸识别 of a unit for as long as it is open. Its file is opened beside everything else: whatever is wrong with it, nobody waits for it. */
export function openFaces({ local, paths, ports, account, thresholds = usualMatchThresholds, changed, wakeSync, damaged }: FacesDeps): OpenFaces {
  const { secrets, clock, log } = ports
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const run = last.then(task)
    last = run.catch(() => undefined)
    return run
  }

  const store = createFaceStore({ paths, secrets, clock, log }, () => scan.stop())
  const scan = createScanLink(ports.startFaceScan, async function* () {
    const current = { modelId: faceModelId, cropVersion: faceCropVersion }
    for await (const some of enrolledDescriptors(await store.quietly(async ({ db }) => db), current, facesAPut)) yield some
  })
  const context: FacesContext = { local, store, scan, thresholds, account, clock, log, changed, wakeSync, ...(damaged && { damaged }) }

  /** What was left half-way between the two files is finished, by a kill or a full disk; and what happened to these registrations is followed, or to all where null. */
  async function catchUp(recordIds: readonly string[] | null): Promise<void> {
    await store.quietly(async (file) => {
      const queued = await queueNoted(context, file)
      const gone = await followRegistrations(context, file, recordIds)
      if (queued.length > 0) wakeSync()
      if (queued.length + gone.length > 0) changed([...new Set([...queued, ...gone])])
    })
  }

  const unlessClosed = (what: string, task: () => Promise<unknown>) =>
    void inTurn(async () => {
      if (closed) return
      await task()
    }).catch((error: unknown) => log.error(what, error))

  unlessClosed('faces not followed', () => catchUp(null))
  return {
    service: createFacesService(context, inTurn),
    follow: (recordIds) => unlessClosed('faces not followed', () => catchUp(recordIds)),
    faceDataOf: async (opId) => {
      try {
        const found = await store.quietly(async ({ db }) => {
          const template = await findTemplateOfWrite(db, opId)
          // Who has agreed anew meanwhile, and to less, has decided.
          return template && (await standingConsent(db, template.registration_id))?.send === 1 ? template : null
        })
        return found ? { template: Buffer.from(found.descriptor).toString('base64url'), picture: found.picture && Buffer.from(found.picture).toString('base64url') } : null
      } catch (error) {
        // The check counts without it.
        if (!(error instanceof AppError)) throw error
        log.error('face data of a check', error)
        return null
      }
    },
    close: async () => {
      closed = true
      await last
      scan.stop()
      await store.close()
    },
  }
}
