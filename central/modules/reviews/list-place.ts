import * as v from 'valibot'
import { idSchema, instantSchema } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** A place in a list: what comes after this instant and id, or before them. */
export interface ListPlace {
  readonly at: string
  readonly id: string
}

/** Opaque to callers: nobody may build upon what a cursor is made of. */
export const makePlace = ({ at, id }: ListPlace): string => Buffer.from(JSON.stringify({ at, id })).toString('base64url')
const placeContent = v.pipe(v.string(), v.parseJson(), v.strictObject({ at: instantSchema, id: idSchema }))

/** @throws AppError cursor-expired */
export function readPlace(cursor: string | null): ListPlace | null {
  if (cursor === null) return null
  const parsed = v.safeParse(placeContent, Buffer.from(cursor, 'base64url').toString('utf8'))
  if (!parsed.success) throw new AppError('cursor-expired')
  return parsed.output
}
