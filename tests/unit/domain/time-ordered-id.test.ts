import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import * as v from 'valibot'
import { idempotencyKeySchema, idSchema } from '../../../shared/api/resources.ts'
import { timeOrderedId } from '../../../shared/domain/time-ordered-id.ts'

it('ids made one after the other stand in this order as text', () => {
  const instants = ['1969-12-31T00:00:00.000Z', '1970-01-01T00:00:00.001Z', '2026-11-25T08:00:00.000Z', '2026-11-25T08:00:00.001Z', '2126-01-01T00:00:00.000Z']
  const ids = instants.map((instant) => timeOrderedId(randomUUID(), new Date(instant)))
  expect(ids.toSorted()).toEqual(ids)
})

it('an id is a UUID of version 7 with the 74 random bits it was made from', () => {
  expect(timeOrderedId('11111111-2222-4333-9444-555555555555', new Date(0x0123456789ab))).toBe('01234567-89ab-7333-9444-555555555555')
})

it('an id may name a registration and be the key of a write', () => {
  const id = timeOrderedId(randomUUID(), new Date())
  expect([v.is(idSchema, id), v.is(idempotencyKeySchema, id)]).toEqual([true, true])
})
