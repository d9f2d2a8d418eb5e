import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { RegistrationForm } from '../../shared/contract/registrations.contract.ts'
import { lockedFields } from '../../shared/domain/derive.ts'
import type { FieldPath } from '../../shared/domain/field-path.ts'
import { emptyPersonValues, type PersonValues } from '../../shared/domain/person-fields.ts'
import { changedFields, sameValues } from '../../shared/domain/merge.ts'
import { tidyValues } from '../../shared/domain/tidy-values.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { createDraftKeeper } from './draft-keeper.ts'
import { createFormProblems } from './form-problems.ts'
import { createFormRows } from './form-rows.ts'
import { tidiedAt, typedAt } from './form-typing.ts'
import { createTurns } from './in-turn.ts'
import { createNumberCheck } from './number-check.ts'
import { createOtherWindow } from './other-window.ts'

const hasEnded = ({ employmentStatus, departure }: RegistrationForm) => employmentStatus === 'left' || departure !== null

/** The one open form, of a manager or a worker. Everything typed goes to the host at once and is durable there. */
export const useManagerFormStore = defineStore('manager-form', () => {
  const form = shallowRef<RegistrationForm | null>(null)
  const values = shallowRef<PersonValues>(emptyPersonValues())
  /** What the host had when `values` and it last agreed: the base of a merge. */
  const agreed = shallowRef(emptyPersonValues())
  /** What this window opened with, saved, or took in from elsewhere: whatever differs from it was typed here. */
  let begun = emptyPersonValues()
  let revision = 0
  /** Calls about one form run one after another: each needs the revision that the one before it left. */
  const turns = createTurns()
  const { inTurn } = turns

  /** Typed in since it was opened here. */
  const touched = ref(false)
  const keptAt = ref<string | null>(null)
  /** Of the last 保存, until the form is opened anew. */
  const savedAt = ref<string | null>(null)
  /** Whose conflict was settled in this form, until it is opened anew. */
  const settledId = shallowRef<string | null>(null)
  const keepFailure = shallowRef<AppError | null>(null)
  const { theirs, clash, clashFields, settled } = createOtherWindow(values)
  /** Counts what was opened and closed: an answer about an earlier form is not for the present one. */
  let opening = 0
  /** 新增 has just made it: the id, whether the central service was asked about the number, and whether 迁入 has filled it in. */
  const fresh = shallowRef<{ id: string; checkedOnline: boolean; isCarried: boolean } | null>(null)

  const number = createNumberCheck(computed(() => values.value.idCardNo))
  const personType = computed(() => form.value?.personType ?? 'manager')
  const { problems, shownProblems, showAll, ...asked } = createFormProblems(personType, values, number)
  const locked = computed(() => lockedFields(values.value.idCardNo))
  /** Typed, and not durable yet. */
  const unkept = computed(() => form.value !== null && !sameValues(agreed.value, values.value))
  const readOnly = computed(() => form.value !== null && hasEnded(form.value))

  const keeper = createDraftKeeper(
    () => inTurn(keep),
    (failure) => {
      keepFailure.value = failure
    },
  )

  async function keep(): Promise<void> {
    const current = form.value
    if (!current || theirs.value) return
    const sent = values.value
    // It waited for its turn behind a 保存 or 提交 that took everything along: a draft now would only look unsaved.
    if (sameValues(agreed.value, sent)) return
    try {
      const answer = await bridge.registrations.keepDraft({ id: current.id, values: sent, revision })
      if (form.value?.id !== current.id) return
      revision = answer.revision
      agreed.value = sent
      keptAt.value = answer.keptAt
      form.value = { ...form.value, hasDraft: true }
    } catch (error) {
      if (!AppError.is(error, 'draft-stale')) throw error
      await catchUp()
    }
  }

  /**
   * Takes in what changed at the host meanwhile; what was typed here stays.
   * @param base what both sides began with
   */
  async function catchUp(base = theirs.value?.base ?? agreed.value): Promise<void> {
    const current = form.value
    if (!current) return
    const newest = await bridge.registrations.open({ id: current.id })
    if (form.value?.id !== current.id) return
    if (newest.revision === revision) {
      form.value = newest
      return
    }
    // Nothing more is told of the person: what was typed here is in the history.
    if (hasEnded(newest)) return show(newest)
    theirs.value = { form: newest, base }
    joinWithTheirs()
  }

  /** Where the two sides can be joined without a choice, they are. */
  function joinWithTheirs(): void {
    if (clash.value?.conflicts.length === 0) takeSettled({})
  }

  function takeSettled(choices: Record<string, 'mine' | 'theirs'>): void {
    const both = settled(choices)
    if (both) accept(both.form, both.values)
  }

  function accept(newest: RegistrationForm, next: PersonValues): void {
    theirs.value = null
    form.value = newest
    revision = newest.revision
    agreed.value = newest.values
    begun = { ...begun, ...changedFields(values.value, next) }
    values.value = next
    keptAt.value = newest.keptAt ?? keptAt.value
    if (!sameValues(agreed.value, next)) keeper.changed()
  }

  /** After 保存 or 提交: the host's tidied texts, but for what was typed while it answered. */
  function take(answer: RegistrationForm, sent: PersonValues): void {
    if (form.value?.id !== answer.id) return
    const typedSince = changedFields(sent, values.value)
    keeper.settled()
    asked.begin()
    touched.value = Object.keys(typedSince).length > 0
    accept(answer, { ...answer.values, ...typedSince })
    begun = answer.values
  }

  async function store(call: (input: { id: string; values: PersonValues; revision: number }) => Promise<RegistrationForm>): Promise<void> {
    await inTurn(async () => {
      for (let attempt = 0; ; attempt++) {
        if (!form.value) throw new AppError('not-found')
        if (theirs.value) throw new AppError('draft-stale')
        const sent = values.value
        try {
          return take(await call({ id: form.value.id, values: sent, revision }), sent)
        } catch (error) {
          if (!AppError.is(error, 'draft-stale') || attempt > 0) throw error
          // Typed here and overwritten elsewhere is asked about though it was kept: it is what the clerk wanted to store.
          await catchUp(begun)
          // And nothing is stored that was not on the screen.
          if (theirs.value || !sameValues(sent, values.value)) throw error
        }
      }
    })
  }

  function show(opened: RegistrationForm): void {
    form.value = opened
    values.value = opened.values
    agreed.value = opened.values
    begun = opened.values
    revision = opened.revision
    keptAt.value = opened.keptAt
    savedAt.value = null
    settledId.value = null
    number.begin(opened.values.idCardNo)
    // Sent back because of its number: whose that is the clerk wants to see at once.
    if (opened.returnReason?.code === 'registration-here' || opened.returnReason?.code === 'registration-elsewhere') void checkNumber(true)
    leaveBehind()
  }

  /** Nothing of what was typed before counts any more. */
  function leaveBehind(): void {
    touched.value = false
    keepFailure.value = null
    theirs.value = null
    asked.begin()
    rows.forget()
    keeper.settled()
  }

  /** Nobody waits for it: without an answer the host decides at 提交. */
  async function checkNumber(again = false): Promise<void> {
    if (form.value) await number.ask(form.value.id, again).catch(() => undefined)
  }

  function type(next: PersonValues): void {
    if (readOnly.value || sameValues(values.value, next)) return
    values.value = next
    touched.value = true
    keeper.changed()
    joinWithTheirs()
  }

  const rows = createFormRows(values, (table, next) => type({ ...values.value, [table]: next }))

  /** Takes in what changed at the host. A locked or lost host is asked again when it is there. */
  async function refresh(): Promise<void> {
    try {
      if (form.value) await inTurn(() => catchUp())
    } catch (error) {
      if (AppError.is(error, 'not-found')) keepFailure.value = error
    }
  }

  onHostEvent('registrations', 'changed', ({ ids }) => {
    if (form.value && (ids === null || ids.includes(form.value.id))) void refresh()
  })
  onHostReconnected(() => {
    if (form.value && touched.value) keeper.changed()
  })

  return {
    form, personType, values, touched, keptAt, savedAt, settledId, unkept, keepFailure, clash, clashFields, shownProblems, showAll, locked, readOnly, fresh, rows, refresh,
    takenNumber: number.taken,
    expectFresh: (id: string, checkedOnline: boolean, isCarried = false) => void (fresh.value = { id, checkedOnline, isCarried }),
    open: async (id: string) => {
      const mine = ++opening
      await keeper.flush()
      await inTurn(async () => {
        const opened = await bridge.registrations.open({ id })
        if (mine === opening) show(opened)
      })
    },
    change: (field: FieldPath, text: string) => type(typedAt(values.value, field, text)),
    /** The clerk has been there and gone on: what is wrong with it may be said now. */
    visit: (field: FieldPath) => {
      asked.visit(field)
      type(tidiedAt(values.value, field))
      if (field === 'idCardNo') void checkNumber()
    },
    save: async () => {
      await store((input) => bridge.registrations.save(input))
      savedAt.value = new Date().toISOString()
    },
    /** @throws AppError; `registration-invalid` also where the page itself sees what is wrong */
    submit: async () => {
      showAll.value = true
      // It may be free by now.
      if (number.taken.value) await checkNumber(true)
      const count = Object.keys(problems.value).length
      if (count > 0) throw new AppError('registration-invalid', { count })
      await store((input) => bridge.registrations.submit(input)).catch((error: unknown) => {
        if (!AppError.is(error, 'registration-here')) throw error
        number.found({ idCardNo: tidyValues(values.value).idCardNo, here: String(error.details['id']) })
        throw new AppError('registration-invalid', { count: 1 })
      })
    },
    /** Throws away what was typed since the last 保存 or 提交. */
    discard: () =>
      inTurn(async () => {
        if (form.value) {
          await bridge.registrations.discardDraft({ id: form.value.id }).catch((error: unknown) => {
            // Removed meanwhile: there is nothing left to throw away.
            if (!AppError.is(error, 'not-found')) throw error
          })
        }
        leaveBehind()
        values.value = agreed.value
      }),
    /** Of a person just begun with nothing, in whom nobody typed, in no window: nothing is left. Also before the form was there. */
    dropUntouched: (id: string) =>
      inTurn(async () => {
        const isTyped = form.value?.id === id && (!form.value.isOnlyDraft || revision > 1)
        if (fresh.value?.id === id && !fresh.value.isCarried && !isTyped) await bridge.registrations.discardDraft({ id })
      }),
    settleClash: takeSettled,
    conflict: (id: string) => bridge.registrations.conflict({ id }),
    resolveConflict: (id: string, choices: Record<string, 'mine' | 'theirs'>) =>
      inTurn(async () => {
        const mine = opening
        const settled = await bridge.registrations.resolveConflict({ id, choices })
        if (mine !== opening) return
        show(settled)
        settledId.value = settled.id
      }),
    /** Makes everything typed durable. @throws AppError where that cannot be done now */
    flush: async () => {
      await keeper.flush()
      if (unkept.value) throw keepFailure.value ?? new AppError(theirs.value ? 'draft-stale' : 'internal')
    },
    /** The page is about to go: sends what is not kept yet, at once. @returns whether all of it is on its way */
    handOver: (): boolean => {
      const isOnItsWay = !unkept.value || (turns.areIdle && !theirs.value && !keepFailure.value)
      void keeper.flush()
      return isOnItsWay
    },
    close: async () => {
      const mine = ++opening
      await keeper.flush()
      if (mine !== opening) return
      form.value = null
      fresh.value = null
    },
    forget: () => {
      opening++
      leaveBehind()
      keptAt.value = null
      number.begin('')
      form.value = fresh.value = null
      values.value = emptyPersonValues()
      agreed.value = emptyPersonValues()
    },
  }
})
