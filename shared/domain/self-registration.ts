import * as v from 'valibot'
import { shanghaiDate } from './dates.ts'
import { ageOn } from './derive.ts'
import { emptyPersonValues, personFieldTable, type PersonFieldName, type PersonValues } from './person-fields.ts'
import { draftFieldMaxLength } from './person-schema.ts'
import { validatePerson } from './person-validation.ts'
import { specialTradeProblem, youngestSpecialTrade } from './special-trades.ts'
import { tidyValues } from './tidy-values.ts'

/**
 * 扫码登记: a worker fills in the own form on the phone (manual 5.3 方法二), and a clerk of the unit checks it before anybody is
 * registered. Fields: those of the manual's phone screen and of the list under it, in the order of the screen.
 */
export const selfRegistrationFields = [
  'name', 'idCardNo', 'sex', 'birthDate', 'ethnicity', 'politicalStatus', 'nativePlace', 'mobile', 'residenceRegion', 'residenceDetail', 'workType', 'hukouType', 'hukouRegion',
] as const satisfies readonly PersonFieldName[]
export type SelfRegistrationField = (typeof selfRegistrationFields)[number]

/** What the phone screen of the manual calls otherwise than the form on the desk. */
const phoneLabels: Readonly<Partial<Record<SelfRegistrationField, string>>> = { mobile: '手机号', residenceDetail: '详细地址' }
export const selfRegistrationLabel = (field: SelfRegistrationField): string => phoneLabels[field] ?? personFieldTable[field].label

const typed = v.pipe(v.string(), v.maxLength(draftFieldMaxLength))
/** As typed; codes where there is a list. */
export const selfRegistrationTextsSchema = v.strictObject(Object.fromEntries(selfRegistrationFields.map((field) => [field, typed])) as Record<SelfRegistrationField, typeof typed>)
export type SelfRegistrationTexts = v.InferOutput<typeof selfRegistrationTextsSchema>

export const emptySelfRegistration = (): SelfRegistrationTexts => Object.fromEntries(selfRegistrationFields.map((field) => [field, ''])) as SelfRegistrationTexts

/** The worker's form on the desk with what the phone has told, in its one spelling; the rest of it is empty. */
export function workerFormOf(texts: SelfRegistrationTexts): PersonValues {
  return tidyValues({ ...emptyPersonValues(), ...texts })
}

export type SelfRegistrationProblems = Partial<Record<SelfRegistrationField, string>>

/**
 * What keeps the form from being sent: that of 提交 on the desk, but for the certificate of a special trade, which the clerk
 * enters and looks at. In the words of the phone page.
 */
export function selfRegistrationProblems(texts: SelfRegistrationTexts, now: { getTime(): number }): SelfRegistrationProblems {
  const today = shanghaiDate(now)
  const values = workerFormOf(texts)
  const found = validatePerson('worker', values, today)
  const age = ageOn(values.birthDate, today)
  const isOfAge = age === null || age >= youngestSpecialTrade
  if (isOfAge && found.workType === specialTradeProblem(values.workType, values, values.birthDate, today)) delete found.workType
  const problems: SelfRegistrationProblems = {}
  for (const field of selfRegistrationFields) {
    const sentence = found[field]
    if (sentence) problems[field] = sentence.replace(personFieldTable[field].label, selfRegistrationLabel(field))
  }
  return problems
}

/** 身份证 and 正面照 of 人员相片. */
export const selfPhotos = ['id-card', 'portrait'] as const
export const selfPhotoSchema = v.picklist(selfPhotos)
export type SelfPhoto = v.InferOutput<typeof selfPhotoSchema>
export const selfPhotoLabels: Readonly<Record<SelfPhoto, string>> = { 'id-card': '身份证照片', 'portrait': '正面照' }

/** Bytes; one of 1600 px that the page has made has about a third of it. */
export const largestSelfPhoto = 2 << 20
/** Milliseconds that phone and central service give a photo to arrive: one of 700 KB on a line of 10 KB/s takes 70 seconds. */
export const selfPhotoPatience = 90_000

/**
 * How far it is. `incomplete`: photos are wanted, and nobody of the unit sees it. `registered`: the clerk has taken it over into a
 * registration. `returned`: with a reason, to be sent anew.
 */
export const selfRegistrationStates = ['incomplete', 'waiting', 'registered', 'returned'] as const
export const selfRegistrationStateSchema = v.picklist(selfRegistrationStates)
export type SelfRegistrationState = v.InferOutput<typeof selfRegistrationStateSchema>
export const selfRegistrationStateLabels: Readonly<Record<SelfRegistrationState, string>> = { incomplete: '照片未传完', waiting: '待核对', registered: '已登记', returned: '已退回' }

/** Version of the notice and of the words of the consent (个人信息保护法 arts. 17, 29, 30); changes with every change of their text. */
export const noticeVersion = '2026-12'
