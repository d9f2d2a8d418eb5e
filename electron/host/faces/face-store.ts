import { AppError } from '../../../shared/errors/app-error.ts'
import { localFailure } from '../database/local-failure.ts'
import { checkpoint } from '../database/open-local-database.ts'
import { openFaceFile, putFaceFileAside, removeAside, type FaceFile, type FaceFileDeps } from './face-file.ts'

/** The face file of the open unit, through damage to it. Nothing else of the unit waits for it or fails with it. */
export interface FaceStore {
  /**
   * @throws AppError face-file-damaged, once each time an empty file had to take the place of one that could not be read; and what openFaceFile
   *   throws
   */
  ask<T>(task: (file: FaceFile) => Promise<T>): Promise<T>
  /** As `ask`, without the word about an empty file. */
  quietly<T>(task: (file: FaceFile) => Promise<T>): Promise<T>
  /** What was deleted is neither in the journal of the file nor in one that was put aside. */
  settleDeletion(file: FaceFile): void
  close(): Promise<void>
}

/** @param emptied called where an empty file took another's place */
export function createFaceStore(deps: Omit<FaceFileDeps, 'damaged'>, emptied: () => void): FaceStore {
  let opening: Promise<FaceFile> | undefined
  /** The page has not been told yet that the file is a new one. */
  let isUntold = false
  let isHurt = false
  let closed = false

  async function open(): Promise<FaceFile> {
    const { file, isAnew } = await openFaceFile({ ...deps, damaged: () => void (isHurt = true) })
    if (isAnew) {
      isUntold = true
      emptied()
    }
    return file
  }

  function opened(): Promise<FaceFile> {
    if (closed) throw new AppError('not-signed-in')
    const attempt = (opening ??= open())
    attempt.catch(() => {
      if (opening === attempt) opening = undefined
    })
    return attempt
  }

  /** Once, for whichever call meets the damage first. */
  async function replace(file: FaceFile): Promise<void> {
    if (!isHurt) return
    isHurt = false
    opening = undefined
    await file.close()
    putFaceFileAside(deps)
    isUntold = true
    emptied()
  }

  async function quietly<T>(task: (file: FaceFile) => Promise<T>): Promise<T> {
    const file = await opened()
    try {
      return await task(file)
    } catch (error) {
      if (!isHurt) throw localFailure(error) ?? error
      deps.log.error('face file damaged', error)
      await replace(file)
      throw new AppError('face-file-damaged', {}, { cause: error })
    }
  }

  return {
    quietly,
    ask: async (task) => {
      await opened()
      try {
        if (isUntold) throw new AppError('face-file-damaged')
        return await quietly(task)
      } catch (error) {
        if (AppError.is(error, 'face-file-damaged')) isUntold = false
        throw error
      }
    },
    settleDeletion: ({ file }) => {
      checkpoint(file)
      removeAside(deps.paths)
    },
    close: async () => {
      closed = true
      const file = await opening?.catch(() => undefined)
      await file?.close()
    },
  }
}
