import { timeOrderedId } from './time-ordered-id.ts'

/**
 * An id for a row that comes behind all of these, also where this clock is behind the one that made them. Rows stand in
 * the order of their ids on every machine, so that two that were added at once stand alike everywhere.
 * @param uuid a random one
 */
export function makeRowId(rows: readonly { readonly id: string }[], uuid: string, now: Date): string {
  const newest = rows.reduce((latest, { id }) => Math.max(latest, Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) || 0), 0)
  return timeOrderedId(uuid, new Date(Math.max(now.getTime(), newest + 1)))
}

export function inOrder<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
