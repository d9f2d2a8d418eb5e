import { randomUUID } from 'node:crypto'
import { timeOrderedId } from '../../../shared/domain/time-ordered-id.ts'

/** For records and operations, of which there are many. */
export const newId = (at: Date): string => timeOrderedId(randomUUID(), at)
