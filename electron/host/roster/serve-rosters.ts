import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { attachmentChunkSize } from '../../../shared/contract/attachment-chunk.ts'
import { rosterReaderContract, type RosterReaderContract } from '../../../shared/contract/roster-reader.contract.ts'
import { createRegionNames, type RegionNames } from '../../../shared/domain/region-names.ts'
import { createRegions, type RegionNode } from '../../../shared/domain/regions.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Services } from '../../../shared/wire/contract.ts'
import { createDispatcher } from '../../../shared/wire/dispatcher.ts'
import type { Transport } from '../../../shared/wire/transport.ts'
import { mostFileMegabytes } from './limits.ts'
import { keepRoster, type KeptRoster } from './kept-roster.ts'
import { countPhotos } from './row-photos.ts'
import { createPieces } from './pieces.ts'
import { readRoster } from './read-roster.ts'
import { writeErrors } from './write-errors.ts'
import { writeExport, type ExportSheet } from './write-export.ts'
import { writeTemplate } from './write-template.ts'

/** Of the whole way to the preview, by time. */
const readingPart = 0.8

/** Names spelled between two questions: some 5 ms. */
const spelledAtOnce = 50

/** Serves the calls of `rosterReaderContract` over a transport. What goes wrong unforeseen ends the thread: the host sees it end. */
export function serveRosters(transport: Transport): void {
  let kept: KeptRoster | undefined
  let sheet: ExportSheet | undefined
  const pieces = createPieces()
  /** The photo that is being handed over piece by piece. */
  let looked: { row: number; place: number; content: Buffer } | undefined
  let regions: RegionNames | undefined

  const current = (): KeptRoster => {
    if (!kept) throw new AppError('roster-run-gone')
    return kept
  }
  const names = (resources: string): RegionNames => {
    const read = () => JSON.parse(readFileSync(join(resources, 'regions', 'regions.json'), 'utf8')) as { regions: RegionNode[] }
    return (regions ??= createRegionNames(createRegions(read().regions)))
  }
  /** While the clerk looks at the preview. */
  const planAhead = async (roster: KeptRoster) => {
    await roster.learnToSpell()
    while (roster === kept && roster.planAhead(spelledAtOnce)) await setImmediate()
  }

  const services: Services<RosterReaderContract> = {
    roster: {
      beginFile: ({ size }) => {
        requireSize(size)
        pieces.begin(size)
        return {}
      },
      addPiece: ({ offset, chunk }) => ({ received: pieces.add(offset, Buffer.from(chunk, 'base64')) }),
      read: async ({ path, resources }) => {
        kept = undefined
        looked = undefined
        const known = names(resources)
        const bytes = path === null ? pieces.whole() : readWhole(path)
        const read = await readRoster(bytes, (part) => dispatcher.emit('roster', 'progress', { part: part * readingPart }))
        kept = keepRoster(read, known)
        return { sheet: read.sheet, rows: read.rows.length, unknownHeaders: [...read.header.unknown], missingHeaders: [...read.header.missing], photos: countPhotos(read), numbers: kept.numbers() }
      },
      numbers: () => ({ numbers: current().numbers() }),
      check: async ({ known, today }) => {
        const roster = current()
        const counts = await roster.checkAll(known, today, (part) => dispatcher.emit('roster', 'progress', { part: readingPart + part * (1 - readingPart) }))
        void planAhead(roster)
        return counts
      },
      rows: ({ kind, from, count }) => current().rows(kind, from, count),
      numberAfter: ({ index, column, text }) => ({ number: current().numberAfter(index, column, text) }),
      edit: ({ index, column, text, known }) => current().edit(index, column, text, known),
      errorAfter: ({ index }) => ({ index: current().errorAfter(index) }),
      plan: async ({ from, count }) => {
        const roster = current()
        await roster.learnToSpell()
        return roster.plan(from, count)
      },
      photos: () => ({ photos: current().photos() }),
      photo: ({ row, place, offset }) => {
        if (!looked || looked.row !== row || looked.place !== place) looked = { row, place, content: current().photo(row, place) }
        return { chunk: looked.content.subarray(offset, offset + attachmentChunkSize).toString('base64'), size: looked.content.length }
      },
      writeTemplate: async ({ path, resources }) => {
        writeWhole(path, await writeTemplate(names(resources)))
        return {}
      },
      writeErrors: async ({ path }) => {
        const { bytes, rows } = await writeErrors(current())
        writeWhole(path, bytes)
        return { rows }
      },
      beginSheet: ({ mark, headers }) => {
        sheet = { mark, headers, rows: [] }
        return {}
      },
      addRows: ({ rows }) => {
        sheet?.rows.push(...rows)
        return {}
      },
      finishSheet: async ({ path }) => {
        if (!sheet) throw new AppError('roster-run-gone')
        writeWhole(path, await writeExport(sheet))
        sheet = undefined
        return {}
      },
      forget: () => {
        kept = undefined
        sheet = undefined
        return {}
      },
    },
  }
  const dispatcher = createDispatcher(rosterReaderContract, services, (error) => {
    // Thrown where nobody catches it: the thread ends, and the host tells so.
    queueMicrotask(() => {
      throw error
    })
  })
  dispatcher.attach(transport)
}

function requireSize(bytes: number): void {
  const megabytes = Math.ceil(bytes / (1 << 20))
  if (megabytes > mostFileMegabytes) throw new AppError('roster-too-large', { size: megabytes, most: mostFileMegabytes })
}

function readWhole(path: string): Buffer {
  try {
    const { size } = statSync(path)
    requireSize(size)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('roster-file-gone', {}, { cause: error })
  }
}

/** Beside it first: an older file of that name stays whole until the new one is. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const unfinished = `${path}.tmp`
  try {
    writeFileSync(unfinished, bytes)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw new AppError('roster-not-saved', {}, { cause: error })
  }
}
