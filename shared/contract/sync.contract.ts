import * as v from 'valibot'
import { errorCodes } from '../errors/codes.ts'
import { method } from '../wire/contract.ts'
import { countSchema, instantSchema, noInput } from './common.ts'

export const syncStatusSchema = v.strictObject({
  phase: v.picklist([
    /** Everything is uploaded and pulled. */
    'idle',
    'syncing',
    /** The central service is out of reach; tried again at `nextTryAt`. */
    'offline',
    /** Reachable again, but a PIN or password is wanted first; `problem` where another password than before is. */
    'waiting-for-sign-in',
    /** What is submitted must be signed by a CA lock, and none is open; others' changes are still fetched. */
    'waiting-for-key',
    /** The CA lock is out; goes on with the same key. */
    'paused-key-removed',
    /** Stopped for good until somebody decides: see `problem`. */
    'stopped',
  ]),
  /** Writes that wait here. */
  queued: countSchema,
  /** Rows sent back or in conflict: they need the clerk. */
  needsAttention: countSchema,
  lastSyncedAt: v.nullable(instantSchema),
  nextTryAt: v.nullable(instantSchema),
  problem: v.nullable(v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })),
})
export type SyncStatus = v.InferOutput<typeof syncStatusSchema>

export const syncGroup = {
  methods: {
    status: method(noInput, syncStatusSchema, ['not-signed-in']),
    /** Tries at once instead of at `nextTryAt`. */
    syncNow: method(noInput, syncStatusSchema, ['not-signed-in', 'locked']),
    /** After `sync-many-removals`: goes on, and removes them here too or, by its detail `what` being `forgotten`, sends them back. */
    acceptRemovals: method(noInput, syncStatusSchema, ['not-signed-in', 'locked']),
  },
  events: { changed: syncStatusSchema },
} as const
