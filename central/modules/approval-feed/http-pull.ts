import * as v from 'valibot'
import type { FeedAdapter } from './feed-adapter.ts'

/** Bytes, and milliseconds from the call to the last byte. */
const largest = 64 * 2 ** 20
const patience = 60_000

const answer = v.object({
  records: v.array(v.unknown()),
  /** Whatever the other side makes of it. */
  cursor: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
})

/** Says what was wrong with an answer, and nothing of what stood in it. */
export class FeedUnusable extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/**
 * Asks an address of the operator for what comes after a cursor: `GET <url>?cursor=…`, answered with `{records, cursor}`. It is followed nowhere
 * else: a redirect could lead into the operator's own network, and the token with it.
 * @param token given as Bearer; null: none
 */
export function httpPull(url: string, token: string | null): FeedAdapter {
  return {
    source: 'http',
    next: async (cursor) => {
      const address = new URL(url)
      if (cursor !== null) address.searchParams.set('cursor', cursor)
      const headers = { accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
      const response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(patience) })
      if (response.status !== 200 || !response.body) throw new FeedUnusable(`status-${response.status}`)
      const parsed = v.safeParse(answer, readJson(await readAll(response.body)))
      if (!parsed.success) throw new FeedUnusable('answer-malformed')
      const { records, cursor: next } = parsed.output
      if (records.length === 0) return null
      // It would be asked for the same without end.
      if (next === cursor) throw new FeedUnusable('cursor-stands-still')
      return { deliveries: records, unreadable: null, cursor: next, done: async () => undefined }
    },
  }
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size > largest) throw new FeedUnusable('answer-too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FeedUnusable('answer-no-json')
  }
}
