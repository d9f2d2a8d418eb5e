import { computed, shallowRef, type ComputedRef, type Ref } from 'vue'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import { checkIdCardNo, normalizeIdCardNo } from '../../shared/domain/id-card-no.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge } from '../bridge/bridge.ts'

/** Somebody else's ID number in a form. */
export interface TakenNumber {
  readonly idCardNo: string
  /** The registration that has it; null where another unit has, of which nothing is told. */
  readonly here: string | null
}

export interface NumberCheck {
  /** What is known of the number in the form, where it is somebody else's. */
  readonly taken: ComputedRef<TakenNumber | null>
  readonly sentence: ComputedRef<string | null>
  /** Asks once for each number; a part of one is not asked about. @param again also where the answer is here */
  ask(id: string, again?: boolean): Promise<void>
  /** The host has said so itself. */
  found(taken: TakenNumber): void
  /** A form was opened with this number, of which nothing is asked. */
  begin(idCardNo: string): void
}

/** As in 新增, for a number that is changed in an open form: whose it is shows at the field, and not only after 提交. */
export function createNumberCheck(inForm: Ref<string>): NumberCheck {
  const known = shallowRef<TakenNumber | null>(null)
  let askedFor = ''
  const number = computed(() => normalizeIdCardNo(inForm.value))
  const taken = computed(() => (known.value?.idCardNo === number.value ? known.value : null))
  return {
    taken,
    sentence: computed(() => (taken.value ? new AppError(taken.value.here ? 'registration-here' : 'registration-elsewhere').sentence : null)),
    ask: async (id, again = false) => {
      const asked = number.value
      if ((asked === askedFor && !again) || !checkIdCardNo(asked, shanghaiDate(new Date())).ok) return
      askedFor = asked
      const answer = await bridge.registrations.checkIdCardNo({ idCardNo: asked, except: id })
      if (askedFor === asked) known.value = answer.outcome === 'free' ? null : { idCardNo: asked, here: answer.outcome === 'here' ? answer.id : null }
    },
    found: (next) => {
      askedFor = next.idCardNo
      known.value = next
    },
    begin: (idCardNo) => {
      askedFor = normalizeIdCardNo(idCardNo)
      known.value = null
    },
  }
}
