import { describe, expect, it } from 'vitest'
import { draftHours, dropDraft, dropExpiredDrafts, keepDraft, readDraft, type Draft } from '../../../central/worker-page/kept-draft.ts'
import { forgetSubmission, noteSubmission, ownSubmissions } from '../../../central/worker-page/own-submissions.ts'
import { newToken, newUuid } from '../../../central/worker-page/random.ts'
import type { Store } from '../../../central/worker-page/store.ts'
import { textsOf } from '../../support/self-registrations.ts'

function newStore(): Store & { texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    keys: () => [...texts.keys()],
    read: (key) => texts.get(key) ?? null,
    write: (key, text) => texts.set(key, text).size > 0,
    remove: (key) => void texts.delete(key),
  }
}

const hour = 3_600_000
const draft: Draft = { texts: textsOf(1), consentAt: null, sending: { id: newUuid(), token: newToken(), stamp: '1.1' } }

describe('the draft of a worker', () => {
  it('is there again, under its own code, for a day after it was last touched', () => {
    const store = newStore()
    keepDraft(store, 'AAAA', draft, 0)
    expect(readDraft(store, 'AAAA', (draftHours - 1) * hour)).toEqual(draft)
    expect(readDraft(store, 'BBBB', 0)).toBeNull()
    expect(readDraft(store, 'AAAA', draftHours * hour)).toBeNull()
    keepDraft(store, 'AAAA', draft, 20 * hour)
    expect(readDraft(store, 'AAAA', 30 * hour)).toEqual(draft)
  })

  it('goes with its last trace once it was sent, and by itself after a day, whichever code it was for', () => {
    const store = newStore()
    keepDraft(store, 'AAAA', draft, 0)
    keepDraft(store, 'BBBB', draft, 20 * hour)
    store.write('draft:CCCC', '{"of":"an older page"}')
    dropExpiredDrafts(store, 25 * hour)
    expect(store.keys()).toEqual(['draft:BBBB'])
    dropDraft(store, 'BBBB')
    expect(store.keys()).toEqual([])
  })

  it('is not kept for ever by a clock that was set back, and not believed where it is damaged', () => {
    const store = newStore()
    keepDraft(store, 'AAAA', draft, 100 * hour)
    expect(readDraft(store, 'AAAA', 0)).toBeNull()
    store.write('draft:AAAA', '{"savedAt":')
    expect(readDraft(store, 'AAAA', 0)).toBeNull()
  })
})

describe('what was sent from a phone', () => {
  it('is remembered by id and token alone, newest first, and not for ever', () => {
    const store = newStore()
    const [first, second] = [0, 1].map((sentAt) => ({ id: newUuid(), token: newToken(), sentAt }))
    if (!first || !second) throw new Error('two')
    noteSubmission(store, 'AAAA', first, 0)
    noteSubmission(store, 'AAAA', second, 1)
    expect(ownSubmissions(store, 'AAAA', 2)).toEqual([second, first])
    expect([...store.texts.values()].join('')).not.toContain(draft.texts.name)
    forgetSubmission(store, 'AAAA', second.id, 2)
    expect(ownSubmissions(store, 'AAAA', 2)).toEqual([first])
    expect(ownSubmissions(store, 'AAAA', 121 * 24 * hour)).toEqual([])
  })
})
