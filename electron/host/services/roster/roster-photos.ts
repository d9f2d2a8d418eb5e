import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { matchNamed } from '../attachments/match-photos.ts'
import type { ReaderLink } from './reader-link.ts'

type Calls = Pick<BridgeServices['roster'], 'photos' | 'readPhoto'>

/** Pictures of a roster's rows, for the page: it adds them as it adds every other photo. @param requireShown throws where there is no roster */
export function createRosterPhotos(db: LocalDb, reader: ReaderLink, requireShown: () => void, guarded: <T>(task: () => Promise<T>) => Promise<T>): Calls {
  return {
    photos: async () => {
      requireShown()
      const { photos } = await reader.ask((roster) => roster.photos({}))
      const matches = await guarded(() => matchNamed(db, photos.map(({ number, type }) => ({ type, idCardNo: number, person: null }))))
      return { photos: photos.map(({ row, place, sheetRow, name, size }, index) => ({ row, place, path: `第${sheetRow}行 ${name}`, size, match: matches[index] ?? { outcome: 'unknown' } })) }
    },
    readPhoto: (input) => {
      requireShown()
      return reader.ask((roster) => roster.photo(input))
    },
  }
}
