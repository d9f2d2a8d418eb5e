/** Bugs that the fuzzer has to find: one text of the product's source replaced where a run builds its programs, and nowhere else. */
export const plants = {
  /** The central service applies a key that it has seen before once more. */
  'idempotency-off': {
    file: 'central/write-once.ts',
    find: '  const known = await readOutcome(db, claimed)\n  if (known) return known\n',
    put: '',
  },
  /** The pull's cursor is durable before what it stands behind is. */
  'cursor-outside': {
    file: 'electron/host/sync/puller.ts',
    find: "await attempt.local.db.transaction().execute(async (trx) => {\n    for (const part of inParts(piece))",
    put: "await writeMeta(attempt.local.db, 'epoch', epoch)\n  await writeMeta(attempt.local.db, 'cursor', String(cursor))\n  await attempt.local.db.transaction().execute(async (trx) => {\n    for (const part of inParts(piece))",
  },
} as const

export type Plant = keyof typeof plants

export function isPlant(name: string | undefined): name is Plant {
  return name !== undefined && Object.hasOwn(plants, name)
}
