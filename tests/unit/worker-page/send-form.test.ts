import { describe, expect, it } from 'vitest'
import { LineBroken, Refused, type CentralClient } from '../../../central/worker-page/central-client.ts'
import type { Sending } from '../../../central/worker-page/kept-draft.ts'
import { sendForm, type FormToSend } from '../../../central/worker-page/send-form.ts'
import { fitted } from '../../../central/worker-page/shrink-photo.ts'
import { createWorkAhead } from '../../../central/worker-page/work-ahead.ts'
import { selfPhotos, type SelfPhoto } from '../../../shared/domain/self-registration.ts'
import { submissionOf, textsOf } from '../../support/self-registrations.ts'

const { work: solution } = submissionOf(1)
const challenge = { ...solution, maxnumber: 1 }
const refusedWork = new Refused({ code: 'work-not-done', title: '请再点一次提交。', retriable: true })

/** A central service that keeps what arrives, behind a line that breaks where it is told to: before, or after what was sent has arrived. */
function newCentral() {
  const forms = new Map<string, { token: string; name: string; photos: Set<SelfPhoto> }>()
  const breaks: ('before' | 'after' | Refused)[] = []
  const over = <T>(run: () => T): Promise<T> => {
    const broken = breaks.shift()
    if (broken instanceof Refused) return Promise.reject(broken)
    if (broken === 'before') return Promise.reject(new LineBroken())
    const answer = run()
    return broken === 'after' ? Promise.reject(new LineBroken()) : Promise.resolve(answer)
  }
  const receipt = (id: string) => {
    const missing = selfPhotos.filter((photo) => !forms.get(id)?.photos.has(photo))
    return { id, missing, state: missing.length > 0 ? ('incomplete' as const) : ('waiting' as const) }
  }
  const client: CentralClient = {
    openPosterCode: () => Promise.reject(new Error('not asked')),
    newWork: () => Promise.resolve(challenge),
    submit: ({ id, token, values }) => over(() => (forms.has(id) || forms.set(id, { token, name: values.name, photos: new Set() }), receipt(id))),
    sendPhoto: ({ id }, photo) => over(() => (forms.get(id)?.photos.add(photo), receipt(id))),
    readOwn: ({ id }) => over(() => ({ ...receipt(id), submittedAt: '', settledAt: null, reason: null, values: null })),
  }
  return { client, forms, breaks, whole: () => [...forms.values()].filter(({ photos }) => photos.size === 2) }
}

function newPhone({ client }: ReturnType<typeof newCentral>) {
  let kept: Sending | null = null
  let solved = 0
  const work = createWorkAhead(client, () => 0, () => Promise.resolve({ ...solution, number: ++solved }))
  const photos = { 'id-card': new Blob(['a']), 'portrait': new Blob(['bc']) }
  return {
    solved: () => solved,
    send: (changes: Partial<FormToSend> = {}) =>
      sendForm({ client, work, noteSending: (sending) => void (kept = sending), tellStep: () => undefined }, { code: 'AAAAAAAAAA', texts: textsOf(1), consentAt: '2026-12-01T00:00:00.000Z', photos, sending: kept, ...changes }),
  }
}

describe('a form on a line that breaks', () => {
  it('arrives once, wherever the line broke and however often', async () => {
    const places: ('before' | 'after')[][] = [['before'], ['after'], ['after', 'before'], ['after', 'after', 'after'], ['before', 'after', 'before', 'after']]
    for (const breaks of places) {
      const central = newCentral()
      const phone = newPhone(central)
      central.breaks.push(...breaks)
      let tries = 0
      while (await phone.send().then(() => false, (error: unknown) => { if (!(error instanceof LineBroken)) throw error; return true })) expect(++tries).toBeLessThan(10)
      expect(central.forms.size, breaks.join()).toBe(1)
      expect(central.whole()).toHaveLength(1)
    }
  })

  it('is sent as another one where it was changed, unless the first has arrived whole', async () => {
    const central = newCentral()
    const phone = newPhone(central)
    // The form arrives, the first photo does not.
    central.breaks.push('after')
    await expect(phone.send()).rejects.toThrow(LineBroken)
    await phone.send({ texts: textsOf(1, { name: '改名' }) })
    expect(central.whole().map(({ name }) => name)).toEqual(['改名'])
    // All has arrived, and only the last answer is lost.
    const second = newCentral()
    const other = newPhone(second)
    await other.send()
    await other.send({ texts: textsOf(1, { name: '改名' }) })
    expect(second.whole()).toHaveLength(1)
  })

  it('has its work done anew, without the worker, where that lay about too long', async () => {
    const central = newCentral()
    const phone = newPhone(central)
    central.breaks.push(refusedWork)
    await phone.send()
    expect(central.whole()).toHaveLength(1)
    expect(phone.solved()).toBe(2)
    const stubborn = newCentral()
    stubborn.breaks.push(refusedWork, refusedWork)
    await expect(newPhone(stubborn).send()).rejects.toBe(refusedWork)
  })
})

it('a photo is made small enough to travel, keeps its shape and is never enlarged', () => {
  expect(fitted(4_000, 3_000)).toEqual({ width: 1_600, height: 1_200 })
  expect(fitted(3_000, 4_000)).toEqual({ width: 1_200, height: 1_600 })
  expect(fitted(800, 600)).toEqual({ width: 800, height: 600 })
  expect(fitted(16_000, 2)).toEqual({ width: 1_600, height: 1 })
})
