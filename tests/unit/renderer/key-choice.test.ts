import { describe, expect, it } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'
import type { KeyCertificate } from '../../../shared/contract/ca-key.contract.ts'
import { useKeyChoice } from '../../../renderer/pages/sign-in/key-choice.ts'

const lock = (serial: string, company: string): KeyCertificate => ({
  certificateId: `${serial}/01`, tokenLabel: serial, tokenSerial: serial, company, issuer: 'CA', notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z',
  problem: null, pin: { minLength: 4, maxLength: 16, low: false, finalTry: false, locked: false },
})
const [a, b, ours, oursToo] = [lock('a', '甲公司'), lock('b', '乙公司'), lock('c', '本公司'), lock('d', '本公司')]

function choiceAmong(first: KeyCertificate[], isOwn: ((key: KeyCertificate) => boolean) | null = null) {
  const plugged = shallowRef<readonly KeyCertificate[]>(first)
  const pin = ref('')
  const { certificateId, chosen } = useKeyChoice(plugged, isOwn, () => pin.value !== '')
  return {
    pin,
    certificateId,
    get chosen() {
      return chosen.value?.tokenSerial ?? 'none'
    },
    plugged: async (...now: KeyCertificate[]) => {
      // As the host tells it: every time anew.
      plugged.value = now.map((key) => ({ ...key }))
      await nextTick()
    },
  }
}

describe('at the sign-in page a CA lock', () => {
  it('that is the only one is chosen, at once or when it is plugged in', async () => {
    expect(choiceAmong([a]).chosen).toBe('a')
    const choice = choiceAmong([])
    expect(choice.chosen).toBe('none')
    await choice.plugged(a)
    expect(choice.chosen).toBe('a')
  })

  it('is chosen by the clerk where there are several, and stays chosen', async () => {
    const choice = choiceAmong([a, b])
    expect(choice.chosen).toBe('none')
    choice.certificateId.value = b.certificateId
    await choice.plugged(a, b)
    expect(choice.chosen).toBe('b')
    await choice.plugged(b)
    await choice.plugged(b, a)
    expect(choice.chosen).toBe('b')
  })

  it('that vanishes leaves its place to the only one that stays, or to none of several', async () => {
    const choice = choiceAmong([a, b])
    choice.certificateId.value = a.certificateId
    await choice.plugged(b)
    expect(choice.chosen).toBe('b')

    const amongThree = choiceAmong([a, b, ours])
    amongThree.certificateId.value = a.certificateId
    await amongThree.plugged(b, ours)
    expect(amongThree.chosen).toBe('none')
  })

  it('that vanishes while its PIN is typed leaves its place to none of the others until the clerk chooses', async () => {
    const choice = choiceAmong([a, b])
    choice.certificateId.value = a.certificateId
    choice.pin.value = '12'
    await choice.plugged(b)
    choice.pin.value = ''
    expect(choice.chosen).toBe('none')
    await choice.plugged(b)
    expect(choice.chosen).toBe('none')
    await choice.plugged(a, b)
    expect(choice.chosen).toBe('none')
    choice.certificateId.value = b.certificateId
    expect(choice.chosen).toBe('b')
  })

  it('that is changed for another one between two looks, its PIN begun, is not taken for the first', async () => {
    const choice = choiceAmong([a])
    choice.pin.value = '12'
    await choice.plugged(b)
    choice.pin.value = ''
    expect(choice.chosen).toBe('none')
    await choice.plugged()
    await choice.plugged(b)
    expect(choice.chosen).toBe('b')
  })

  it('chosen because it was alone stays chosen when another one comes, its PIN begun or not', async () => {
    const choice = choiceAmong([a])
    await choice.plugged(a, b)
    expect(choice.chosen).toBe('a')

    const typing = choiceAmong([a])
    typing.pin.value = '12'
    await typing.plugged(a, b)
    expect(typing.chosen).toBe('a')
    typing.pin.value = ''
    await typing.plugged(a, b)
    expect(typing.chosen).toBe('a')
  })
})

describe("in an open unit's window a CA lock", () => {
  const isOwn = ({ company }: KeyCertificate) => company === '本公司'

  it('is chosen by itself where it is the unit’s only one, whatever else is plugged in', async () => {
    const choice = choiceAmong([a], isOwn)
    expect(choice.chosen).toBe('none')
    await choice.plugged(a, ours)
    expect(choice.chosen).toBe('c')
    await choice.plugged(a)
    expect(choice.chosen).toBe('none')
    await choice.plugged(a, ours)
    expect(choice.chosen).toBe('c')
    await choice.plugged(a, ours, oursToo)
    expect(choice.chosen).toBe('c')
    await choice.plugged(a)
    await choice.plugged(a, ours, oursToo)
    expect(choice.chosen).toBe('none')
  })

  it('of another unit gives way to the right one, but not while its PIN is typed', async () => {
    const choice = choiceAmong([a], isOwn)
    choice.certificateId.value = a.certificateId
    choice.pin.value = '12'
    await choice.plugged(a, ours)
    expect(choice.chosen).toBe('a')
    choice.pin.value = ''
    await choice.plugged(a, ours)
    expect(choice.chosen).toBe('c')
  })
})
