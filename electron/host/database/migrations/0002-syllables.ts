import { sql, type Kysely } from 'kysely'
import { pinyin } from 'pinyin-pro'

// Frozen: a change is a new migration.
const separator = '\u0000'
const options = { toneType: 'none', type: 'array', v: true } as const

function syllablesOf(name: string): string {
  const normal = pinyin(name, { ...options, surname: 'off' })
  const [first = ''] = name
  const readings = first === '' ? [] : pinyin(first, { ...options, multiple: true })
  const spelled = [pinyin(name, { ...options, surname: 'head' }), normal, ...readings.map((reading) => [reading, ...normal.slice(1)])]
  const written = spelled.map((syllables) => syllables.map((syllable) => (syllable[0] ?? '').toUpperCase() + syllable.slice(1)).join(''))
  return [...new Set(written)].filter(Boolean).join(' ')
}

/** Each line's first field is the name: where its syllables begin follows the others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ record_id: string; haystack: string }>`select record_id, haystack from search`.execute(db)
  for (const { record_id, haystack } of rows) {
    const text = [haystack, syllablesOf(haystack.split(separator)[0] ?? '')].join(separator)
    await sql`update search set haystack = ${text} where record_id = ${record_id}`.execute(db)
  }
}
