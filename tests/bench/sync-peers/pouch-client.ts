import { join } from 'node:path'
import { personValues } from '../../support/people.ts'
import type { Run } from './messages.ts'
import { PouchDB, tuning, type Pouch } from './pouch.ts'
import { serveAsks, timed } from './serve-asks.ts'

// PouchDB over leveldb, in Node.
const open = new Map<string, Pouch>()

function storeOf({ folder }: Run, machine: 'first' | 'second'): Pouch {
  const path = join(folder, machine)
  const store = open.get(path) ?? new PouchDB(path)
  open.set(path, store)
  return store
}

const remote = ({ url, organizationId }: Run) => `${url}/unit-${organizationId}`
const documentOf = (number: number) => ({ _id: `registration-${String(number).padStart(9, '0')}`, personType: 'manager', values: personValues(number) })

serveAsks({
  fill: async ({ run, from, count }) => {
    const store = storeOf(run, 'first')
    for (let begin = from; begin < from + count; begin += 500) {
      await store.bulkDocs(Array.from({ length: Math.min(500, from + count - begin) }, (_, index) => documentOf(begin + index)))
    }
    return []
  },
  push: async ({ run }) => {
    const store = storeOf(run, 'first')
    const { doc_count } = await store.info()
    return [
      await timed(async () => {
        const { ok, docs_written } = await store.replicate.to(remote(run), tuning)
        if (!ok || docs_written !== doc_count) throw new Error(`${docs_written} of ${doc_count} pushed`)
      }),
    ]
  },
  pull: async ({ run, count }) => {
    const store = storeOf(run, 'second')
    const took = await timed(async () => void (await store.replicate.from(remote(run), tuning)))
    const { doc_count } = await store.info()
    if (doc_count !== count) throw new Error(`${doc_count} of ${count} pulled`)
    return [took]
  },
  'one-by-one': async ({ run, from, times }) => {
    const [first, second] = [storeOf(run, 'first'), storeOf(run, 'second')]
    const took: number[] = []
    for (let number = from; number < from + times; number++) {
      const document = documentOf(number)
      took.push(
        await timed(async () => {
          await first.put(document)
          await first.replicate.to(remote(run), tuning)
          await second.replicate.from(remote(run), tuning)
        }),
      )
      await second.get(document._id)
    }
    return took
  },
  close: async () => {
    for (const store of open.values()) await store.close()
    open.clear()
    return []
  },
})
