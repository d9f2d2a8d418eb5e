import { describe, expect, it } from 'vitest'
import { askRefusal, moveRequest, requestActs, requestStates, shownRequestState, type AskFacts, type RequestParty } from '../../../shared/domain/transfer-request.ts'

const now = new Date('2026-11-29T02:00:00.000Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const parties: (RequestParty | null)[] = ['asking', 'holding', 'clock', null]

describe('a request', () => {
  it('moves in four ways and no other, each of one party, and never once it is closed', () => {
    const moves = requestStates.flatMap((state) => requestActs.flatMap((act) => parties.map((party) => ({ state, act, party, move: moveRequest(state, act, party) }))))
    const possible = moves.flatMap(({ state, act, party, move }) => (move.ok ? [`${String(party)} ${act}: ${state} → ${move.to}`] : []))
    expect(possible).toEqual([
      'holding release: waiting → released', 'holding refuse: waiting → refused', 'asking withdraw: waiting → withdrawn', 'clock expire: waiting → expired',
    ])
    // What is not theirs units hear nothing of, whatever its state.
    for (const { act, party, move } of moves) {
      const isTheirs = moveRequest('waiting', act, party).ok
      if (!move.ok) expect(move.code).toBe(isTheirs ? 'transfer-request-closed' : 'not-found')
    }
  })

  it.each<[string, Parameters<typeof shownRequestState>[0], string]>([
    ['waits', { state: 'waiting', expiresAt: daysAgo(-1), isHeld: true, live: 'elsewhere' }, 'waiting'],
    ['has run out at its instant', { state: 'waiting', expiresAt: now, isHeld: true, live: 'elsewhere' }, 'expired'],
    ['is as good as granted where the registration ended otherwise', { state: 'waiting', expiresAt: daysAgo(-1), isHeld: false, live: 'nowhere' }, 'released'],
    ['was granted, and nobody has the person yet', { state: 'released', expiresAt: daysAgo(3), isHeld: false, live: 'nowhere' }, 'released'],
    ['was granted, and who asked has the person', { state: 'released', expiresAt: daysAgo(-1), isHeld: false, live: 'here' }, 'done'],
    ['was granted, and another unit was faster', { state: 'released', expiresAt: daysAgo(-1), isHeld: false, live: 'elsewhere' }, 'taken'],
    ['was refused, whatever became of the person', { state: 'refused', expiresAt: daysAgo(-1), isHeld: false, live: 'nowhere' }, 'refused'],
    ['was withdrawn', { state: 'withdrawn', expiresAt: daysAgo(-1), isHeld: true, live: 'elsewhere' }, 'withdrawn'],
  ])('that %s is shown so', (_what, facts, shown) => {
    expect(shownRequestState(facts, now)).toBe(shown)
  })
})

describe('asking', () => {
  const asked = (facts: Partial<AskFacts>) => askRefusal({ live: 'elsewhere', earlier: [], askedToday: 0, now, ...facts })
  const earlier = (state: AskFacts['earlier'][number]['state'], days: number, answered: number | null = null) => ({ state, at: daysAgo(days), answeredAt: answered === null ? null : daysAgo(answered) })

  it('is for people who are registered elsewhere', () => {
    expect(asked({})).toBeNull()
    expect(asked({ live: 'here' })).toEqual({ code: 'registration-here' })
    expect(asked({ live: 'nowhere' })).toEqual({ code: 'transfer-not-needed' })
  })

  it('is done once while the request waits', () => {
    expect(asked({ earlier: [earlier('waiting', 3)] })).toEqual({ code: 'transfer-already-asked' })
  })

  it('waits seven days after a refusal, and says how many are left', () => {
    expect(asked({ earlier: [earlier('refused', 9, 2)] })).toEqual({ code: 'transfer-too-soon', days: 5 })
    expect(asked({ earlier: [earlier('refused', 9, 7)] })).toBeNull()
    expect(asked({ earlier: [earlier('withdrawn', 0, 0)] })).toBeNull()
  })

  it('happens three times in thirty days at most for one person', () => {
    const thrice = [earlier('withdrawn', 20, 20), earlier('withdrawn', 10, 10), earlier('withdrawn', 1, 1)]
    expect(asked({ earlier: thrice })).toEqual({ code: 'transfer-too-soon', days: 10 })
    expect(asked({ earlier: thrice.slice(1) })).toBeNull()
  })

  it('happens fifty times a day at most', () => {
    expect(asked({ askedToday: 49 })).toBeNull()
    expect(asked({ askedToday: 50 })).toEqual({ code: 'transfer-too-many' })
  })
})
