import { sql, type Expression } from 'kysely'

/** Whether a text holds this part, whatever the case of Latin letters; `%` and `_` in it stand for themselves. */
export function contains(text: Expression<string | null>, part: string) {
  const pattern = `%${part.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`lower(${text}) like ${pattern} escape '\\'`
}

/** A name as it is searched for: as a keyboard of any width writes it, without spaces. */
export const asSearched = (query: string): string => query.normalize('NFKC').replace(/\s/g, '').toLowerCase()
