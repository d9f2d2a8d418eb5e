import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors/app-error.ts'
import { syncDirectory } from '../database/durable-file.ts'
import { localFailure } from '../database/local-failure.ts'
import { openSealed, writeSealed, type SealedReader } from './sealed-file.ts'

const whole = '.sealed'
const unfinished = '.part'

/** A file on its way in. Until `finish` there is none under the attachment's name, whatever happens. */
export interface NewFile {
  /** @throws AppError local-full, local-read-only: the file is gone then */
  append(content: Uint8Array): Promise<void>
  /** Durable when it answers. @throws AppError as append */
  finish(description: string): Promise<void>
  /** As often as once, also after a failure. */
  drop(): Promise<void>
}

/** The folder of a unit's attachments. Each file is written once and never changed. */
export interface AttachmentFiles {
  begin(id: string): Promise<NewFile>
  has(id: string): boolean
  /** @throws AppError attachment-lost-here, also where it is not there */
  open(id: string): Promise<SealedReader>
  remove(id: string): void
  /** Ids of all whole files. */
  ids(): string[]
  /** When the file was made. */
  madeAt(id: string): Date
  /** What a kill left half-made. */
  dropUnfinished(): void
}

export function createAttachmentFiles(folder: string, unitKey: Uint8Array): AttachmentFiles {
  const pathOf = (id: string) => join(folder, `${id}${whole}`)
  const names = () => (existsSync(folder) ? readdirSync(folder) : [])

  async function begin(id: string): Promise<NewFile> {
    const path = join(folder, `${id}${unfinished}`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    rmSync(path, { force: true })
    const file = await writeSealed(path, unitKey, id)
    let ended = false
    const drop = async () => {
      if (ended) return
      ended = true
      await file.close()
      rmSync(path, { force: true })
    }
    /** On a full disk what was begun would take the room that the next save needs. */
    const orDrop = async (work: Promise<void>) => {
      try {
        await work
      } catch (error) {
        await drop()
        throw localFailure(error) ?? error
      }
    }
    return {
      append: (content) => orDrop(file.append(content)),
      finish: async (description) => {
        await orDrop(file.finish(description))
        ended = true
        renameSync(path, pathOf(id))
        syncDirectory(folder)
      },
      drop,
    }
  }

  return {
    begin: async (id) => {
      try {
        return await begin(id)
      } catch (error) {
        throw localFailure(error) ?? error
      }
    },
    has: (id) => existsSync(pathOf(id)),
    open: async (id) => {
      try {
        return await openSealed(pathOf(id), unitKey, id)
      } catch (error) {
        throw (error as { code?: unknown }).code === 'ENOENT' ? new AppError('attachment-lost-here', {}, { cause: error }) : error
      }
    },
    remove: (id) => rmSync(pathOf(id), { force: true }),
    ids: () => names().flatMap((name) => (name.endsWith(whole) ? [name.slice(0, -whole.length)] : [])),
    madeAt: (id) => statSync(pathOf(id)).mtime,
    dropUnfinished: () => {
      for (const name of names()) if (name.endsWith(unfinished)) rmSync(join(folder, name), { force: true })
    },
  }
}
