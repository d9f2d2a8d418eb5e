import { AppError } from '../../../shared/errors/app-error.ts'

export interface Pieces {
  /** @param size bytes that will come */
  begin(size: number): void
  /** @returns bytes received so far @throws AppError roster-run-gone where none was begun, or this one does not follow the last */
  add(offset: number, piece: Uint8Array): number
  /** The whole file, which is forgotten here. @throws AppError roster-run-gone where something is missing */
  whole(): Buffer
}

/** A file that comes piece by piece and is kept in memory: people's data lies on no disk unencrypted for it. */
export function createPieces(): Pieces {
  let file: Buffer | undefined
  let received = 0
  return {
    begin: (size) => {
      file = Buffer.alloc(size)
      received = 0
    },
    add: (offset, piece) => {
      if (!file || offset !== received || offset + piece.length > file.length) throw new AppError('roster-run-gone')
      file.set(piece, offset)
      return (received += piece.length)
    },
    whole: () => {
      if (!file || received !== file.length) throw new AppError('roster-run-gone')
      const whole = file
      file = undefined
      return whole
    },
  }
}
