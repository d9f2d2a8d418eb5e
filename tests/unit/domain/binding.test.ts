import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bindingActions, bindingActors, bindingStatuses, isLiveBinding, moveBinding, submissionBlock, submissionBlocks, submissionBlockSentences, type BindingAction, type BindingActor, type BindingStatus, type SubmissionFacts,
} from '../../../shared/domain/binding.ts'

/** Written out a second time: who may do what, and from where it leads to where. Everything else is refused. */
const allowed: readonly (readonly [BindingAction, BindingActor, BindingStatus, BindingStatus])[] = [
  ['submit', 'own-unit', 'unsubmitted', 'pending'],
  ['submit', 'own-unit', 'refused', 'pending'],
  ['approve', 'implementer', 'pending', 'approved'],
  ['refuse', 'implementer', 'pending', 'refused'],
  ['leave', 'own-unit', 'approved', 'ended'],
  ...(['unsubmitted', 'pending', 'refused'] as const).map((from) => ['remove', 'own-unit', from, 'ended'] as const),
  ...(['unsubmitted', 'pending', 'approved', 'refused'] as const).flatMap((from) => [
    ['complete-project', 'approval-system', from, 'ended'] as const,
    ['withdraw-filing', 'approval-system', from, 'ended'] as const,
    ['transfer-out', 'register', from, 'ended'] as const,
  ]),
]

const everyAttempt = bindingActions.flatMap((action) => bindingActors.flatMap((actor) => bindingStatuses.map((from) => ({ action, actor, from }))))
const anyStep = fc.record({ action: fc.constantFrom(...bindingActions), actor: fc.constantFrom(...bindingActors) })

describe('绑定申请', () => {
  it.each(everyAttempt)('$action by $actor from $from', ({ action, actor, from }) => {
    const row = allowed.find(([does, who, start]) => does === action && who === actor && start === from)
    const move = moveBinding(action, actor, from)
    if (row) expect(move).toMatchObject({ to: row[3] })
    else expect(move).toHaveProperty('refusal')
  })

  it('is not there for whoever has nothing to do with it, in whichever state', () => {
    for (const action of bindingActions) for (const from of bindingStatuses) expect(moveBinding(action, 'other-unit', from)).toEqual({ refusal: 'not-found' })
  })

  it('never comes back once ended, is approved only by the 实施单位 after a submission, and says why it ended', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        let status: BindingStatus = 'unsubmitted'
        let submittedSinceDecision = false
        for (const { action, actor } of steps) {
          const move = moveBinding(action, actor, status)
          if ('refusal' in move) continue
          expect(isLiveBinding(status)).toBe(true)
          expect(move.ending !== null).toBe(move.to === 'ended')
          if (move.to === 'approved' || move.to === 'refused') expect([actor, submittedSinceDecision]).toEqual(['implementer', true])
          submittedSinceDecision = move.to === 'pending'
          status = move.to
        }
      }),
      { numRuns: 500 },
    )
  })
})

const right: SubmissionFacts = { projectOpen: true, registration: 'live', workTypeCertified: true, licencesExpired: false, identityChecked: true, identityCheckRequired: true }

describe('提交 of a 绑定申请', () => {
  it('is free where nothing is missing', () => {
    expect(submissionBlock(right)).toBeNull()
  })

  it.each([
    [{ projectOpen: false }, 'project-closed'],
    [{ registration: 'none' }, 'not-registered'],
    [{ registration: 'elsewhere' }, 'registered-elsewhere'],
    [{ registration: 'refused' }, 'registration-refused'],
    [{ workTypeCertified: false }, 'work-type-uncertified'],
    [{ licencesExpired: true }, 'licence-expired'],
    [{ identityChecked: false }, 'identity-check-missing'],
  ] as const)('with %j is blocked: %s', (change, block) => {
    expect(submissionBlock({ ...right, ...change })).toBe(block)
  })

  it('asks for no identity check where the central service does not', () => {
    expect(submissionBlock({ ...right, identityChecked: false, identityCheckRequired: false })).toBeNull()
  })

  it('says what is to be done of each', () => {
    for (const block of submissionBlocks) expect(submissionBlockSentences[block]).toMatch(/[，不].*。$/)
  })
})
