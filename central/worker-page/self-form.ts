import { computed, reactive, ref, shallowReactive, watch } from 'vue'
import { deriveFromIdCardNo, derivedFields } from '../../shared/domain/derive.ts'
import { checkIdCardNo, isPartOfIdCardNo } from '../../shared/domain/id-card-no.ts'
import {
  emptySelfRegistration, selfPhotoLabels, selfPhotos, selfRegistrationFields, selfRegistrationLabel, selfRegistrationProblems, type SelfPhoto, type SelfRegistrationField, type SelfRegistrationTexts,
} from '../../shared/domain/self-registration.ts'
import type { Draft, Sending } from './kept-draft.ts'

/** Whatever may be wrong on the page: a field, a photo, the consent. */
export type FormPart = SelfRegistrationField | SelfPhoto | 'consent'

export interface SelfFormStart {
  readonly draft: Draft | null
  readonly photos: Readonly<Record<SelfPhoto, Blob | null>>
  /** What was returned, to be corrected. */
  readonly values: SelfRegistrationTexts | null
  now(): Date
  keep(draft: Draft): void
  keepPhoto(photo: SelfPhoto, blob: Blob): void
}

/** What stands in the form, what is wrong with it, and that each change is kept. */
export function useSelfForm({ draft, photos: kept, values, now, keep, keepPhoto }: SelfFormStart) {
  const texts = reactive<SelfRegistrationTexts>({ ...(draft?.texts ?? values ?? emptySelfRegistration()) })
  const photos = shallowReactive<Record<SelfPhoto, Blob | null>>({ ...kept })
  const consentAt = ref(draft?.consentAt ?? null)
  const sending = ref<Sending | null>(draft?.sending ?? null)
  const left = reactive(new Set<FormPart>())
  const tried = ref(false)

  const number = computed(() => checkIdCardNo(texts.idCardNo))
  /** A few papers tell neither sex nor birth date: then they are asked for. */
  const asksIdentity = computed(() => number.value.ok && (number.value.sex === null || number.value.birthDate === null))
  watch(
    () => texts.idCardNo,
    (idCardNo) => {
      if (!asksIdentity.value) Object.assign(texts, { sex: '', birthDate: '' }, withoutNumber(deriveFromIdCardNo(idCardNo)))
    },
  )
  watch([texts, consentAt, sending], () => keep({ texts: { ...texts }, consentAt: consentAt.value, sending: sending.value }), { flush: 'post' })

  const problems = computed<Partial<Record<FormPart, string>>>(() => {
    const all: Partial<Record<FormPart, string>> = selfRegistrationProblems(texts, now())
    // What the number is to tell is not asked for as well.
    if (!number.value.ok) for (const told of derivedFields) delete all[told as SelfRegistrationField]
    for (const photo of selfPhotos) if (!photos[photo]) all[photo] = `请拍摄${selfPhotoLabels[photo]}。`
    if (consentAt.value === null) all.consent = '请阅读告知后勾选；不同意的，请找本单位的经办人当面登记。'
    return all
  })
  const partsInOrder: readonly FormPart[] = [...selfRegistrationFields, ...selfPhotos, 'consent']

  /** What is wrong with a part, once it is time to say so: a number that is still being typed is no mistake yet. */
  function errorOf(part: FormPart): string | undefined {
    const isWhole = part === 'idCardNo' && texts.idCardNo !== '' && (!isPartOfIdCardNo(texts.idCardNo) || texts.idCardNo.trim().length >= 18)
    return tried.value || left.has(part) || isWhole ? problems.value[part] : undefined
  }

  return {
    texts, photos, consentAt, sending, tried, asksIdentity, problems, errorOf,
    leave: (part: FormPart) => void (texts[part as SelfRegistrationField] !== '' && left.add(part)),
    wrongParts: computed(() => partsInOrder.filter((part) => problems.value[part]).map((part) => ({ part, sentence: problems.value[part] ?? '' }))),
    agree: (agreed: boolean) => void (consentAt.value = agreed ? now().toISOString() : null),
    takePhoto: (photo: SelfPhoto, blob: Blob) => {
      photos[photo] = blob
      keepPhoto(photo, blob)
    },
    label: selfRegistrationLabel,
  }
}

export type SelfForm = ReturnType<typeof useSelfForm>

function withoutNumber({ idCardNo: _, ...told }: ReturnType<typeof deriveFromIdCardNo>): Partial<SelfRegistrationTexts> {
  return told
}
