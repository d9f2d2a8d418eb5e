import { randomUUID } from 'node:crypto'
import { timeOrderedId } from '../../shared/domain/time-ordered-id.ts'

/** For what there are many rows of. */
export const newId = (at: Date): string => timeOrderedId(randomUUID(), at)
