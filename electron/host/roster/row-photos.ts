import { photoTypeIn, type PhotoType } from '../../../shared/domain/photo-names.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { RosterHeader } from './header.ts'
import type { ReadRoster } from './read-roster.ts'
import type { CellValue, SheetPicture } from './workbook.ts'
import { readZipEntry } from './zip-directory.ts'

/** A picture in somebody's row. */
export interface RowPhoto {
  /** By the words of its column's header, 正面照 where they say no other; null: of an ID card, and not of which side. */
  readonly type: PhotoType | null
  /** Bytes, as declared. */
  readonly size: number
  /** @throws AppError photo-damaged */
  content(): Buffer
}

/** By the row as the spreadsheet numbers it, from 1. */
export function photosOf(pictures: readonly SheetPicture[], heads: readonly CellValue[]): Map<number, RowPhoto[]> {
  const photos = new Map<number, RowPhoto[]>()
  for (const { row, column, part, bytes } of pictures) {
    const head = heads[column]
    const photo: RowPhoto = {
      type: photoTypeIn(typeof head === 'string' ? head : ''),
      size: part.size,
      content: () => {
        try {
          return readZipEntry(bytes, part, part.size)
        } catch (error) {
          if (error instanceof AppError) throw new AppError('photo-damaged', {}, { cause: error })
          throw error
        }
      },
    }
    const inRow = photos.get(row + 1)
    if (inRow) inRow.push(photo)
    else photos.set(row + 1, [photo])
  }
  return photos
}

/** A column of pictures means something: it is not among those that are told to mean nothing. */
export function withoutPictured(header: RosterHeader, heads: readonly CellValue[], pictures: readonly SheetPicture[]): RosterHeader {
  const pictured = new Set(pictures.map(({ column }) => heads[column]))
  return { ...header, unknown: header.unknown.filter((text) => ![...pictured].some((head) => typeof head === 'string' && head.trim().slice(0, 50) === text)) }
}

export function countPhotos({ rows, photos }: ReadRoster): number {
  return rows.reduce((sum, { sheetRow }) => sum + (photos.get(sheetRow)?.length ?? 0), 0)
}
