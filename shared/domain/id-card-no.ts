import { formatDate, isRealDate } from './dates.ts'
import { abolishedRegions, provinceNames } from './region-codes.ts'

/**
 * 身份证号码 and its relatives that stand in the same field:
 * - resident: 公民身份号码, GB 11643, 18 characters, check MOD 11-2;
 * - hmt-residence: 港澳台居民居住证, same form, prefix 810000 / 820000 / 830000;
 * - permanent-residence: 外国人永久居留身份证 as issued since 2023-12-01, 18 digits from 9, same check;
 * - permanent-residence-2017: the earlier form, 3 letters and 12 digits. Its check digit is not public: form only.
 */
export type IdCardKind = 'resident' | 'hmt-residence' | 'permanent-residence' | 'permanent-residence-2017'

export interface IdCardWarning {
  readonly code: 'region-unknown' | 'region-abolished'
  readonly sentence: string
}

export interface ValidIdCardNo {
  readonly ok: true
  /** Without blanks, half-width, X upper case. */
  readonly normalized: string
  readonly kind: IdCardKind
  /** GB/T 2261.1: '1' 男, '2' 女; null where the number does not tell. */
  readonly sex: '1' | '2' | null
  /** yyyy-MM-dd; null where the number does not tell it for certain. */
  readonly birthDate: string | null
  /** GB/T 2260 code of the first six digits, where they are one; 台湾 is 710000 there, whatever the 居住证 writes. */
  readonly regionCode: string | null
  readonly warnings: readonly IdCardWarning[]
}

export type IdCardProblem = 'id-card-no-length' | 'id-card-no-characters' | 'id-card-no-old-form' | 'id-card-no-date' | 'id-card-no-checksum'

export interface InvalidIdCardNo {
  readonly ok: false
  readonly code: IdCardProblem
  /** What the general sentence of the code wants to know; nothing of the number itself. */
  readonly details: Readonly<Record<string, number>>
  /** What exactly is wrong with this number. For the clerk's own screen only: it may quote parts of the number. */
  readonly sentence: string
  /** For a 15-digit number: its 18-digit form. */
  readonly suggestion?: string
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'

/** Check character of 17 digits, MOD 11-2 (GB 11643). */
export function idCardCheckCharacter(first17: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0)
  return checkCharacters[sum % 11] ?? ''
}

/** As typed, pasted or read by a card reader → as stored: no blanks, dashes or invisible marks, half-width, upper case. */
export function normalizeIdCardNo(raw: string): string {
  const spelled = raw.normalize('NFKC').replace(/[\s\p{Cf}\p{Pd}]+/gu, '').toUpperCase()
  // What was taken out may have kept two marks apart, and a capital may compose where its small letter does not.
  return spelled === raw ? raw : normalizeIdCardNo(spelled)
}

/** Whether typing on at the end can still make an ID number of this: a part of one is no mistake yet. */
export function isPartOfIdCardNo(raw: string): boolean {
  return /^(?:\d{0,17}|[A-Z]{0,3}|[A-Z]{3}\d{0,11})$/.test(normalizeIdCardNo(raw))
}

/**
 * Says whether an ID number can be right, and what it tells.
 * @param today yyyy-MM-dd; a birth date after it is refused. Without it only the calendar counts.
 */
export function checkIdCardNo(raw: string, today = '9999-12-31'): ValidIdCardNo | InvalidIdCardNo {
  const number = normalizeIdCardNo(raw)
  if (/^[A-Z]{3}\d{12}$/.test(number)) return permanentResidence2017(number)
  if (/^\d{15}$/.test(number)) return oldForm(number)
  if (/[^\dX]/.test(number)) return problem('id-card-no-characters', '身份证号码只能是数字，最后一位可以是X，请核对。')
  if (number.length !== 18) {
    return { ...problem('id-card-no-length', `身份证号码应为18位，现为${number.length}位，请核对。`), details: { length: number.length } }
  }
  const stray = number.slice(0, 17).indexOf('X')
  if (stray >= 0) return problem('id-card-no-characters', `身份证号码只有最后一位可以是X，第${stray + 1}位不对，请核对。`)
  const birthDate = birthDateOf(number.slice(6, 14), today)
  if (typeof birthDate !== 'string') return birthDate
  if (number.at(-1) !== idCardCheckCharacter(number)) {
    return problem('id-card-no-checksum', '身份证号码的校验位不对，有一位或几位输错了，请对照证件核对。')
  }
  return {
    ok: true,
    normalized: number,
    kind: kindOf(number),
    sex: Number(number[16]) % 2 === 1 ? '1' : '2',
    birthDate,
    ...regionOf(number),
  }
}

function kindOf(number: string): IdCardKind {
  if (number.startsWith('9')) return 'permanent-residence'
  return /^8[123]0000/.test(number) ? 'hmt-residence' : 'resident'
}

function birthDateOf(digits: string, today: string): string | InvalidIdCardNo {
  const [year, month, day] = [Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6))]
  const shown = `${digits.slice(0, 4)}年${digits.slice(4, 6)}月${digits.slice(6)}日`
  if (!isRealDate(year, month, day) || year < 1900) {
    return problem('id-card-no-date', `身份证号码第7至14位的出生日期“${shown}”不存在，请核对。`)
  }
  const date = formatDate(year, month, day)
  return date > today ? problem('id-card-no-date', `身份证号码第7至14位的出生日期“${shown}”晚于今天，请核对。`) : date
}

function regionOf(number: string): Pick<ValidIdCardNo, 'regionCode' | 'warnings'> {
  const kind = kindOf(number)
  if (kind === 'permanent-residence') return { regionCode: null, warnings: [] }
  const code = number.slice(0, 6)
  if (kind === 'hmt-residence') return { regionCode: code === '830000' ? '710000' : code, warnings: [] }
  const abolished = abolishedRegions[code]
  if (abolished) {
    return { regionCode: code, warnings: [{ code: 'region-abolished', sentence: `号码前6位是已撤销的行政区划（${abolished}），不影响登记。` }] }
  }
  if (!Object.hasOwn(provinceNames, code.slice(0, 2))) {
    return { regionCode: null, warnings: [{ code: 'region-unknown', sentence: '号码前6位不是已知的行政区划代码，请对照证件核对。' }] }
  }
  return { regionCode: code, warnings: [] }
}

/** GB 11643-1989: two-digit year, no check. No longer valid since 2013-01-01, so only offered as a hint. */
function oldForm(number: string): InvalidIdCardNo {
  const first17 = `${number.slice(0, 6)}19${number.slice(6)}`
  const suggestion = first17 + idCardCheckCharacter(first17)
  const usable = checkIdCardNo(suggestion).ok
  const hint = usable ? `对应的18位号码可能是${suggestion}，` : ''
  return {
    ...problem('id-card-no-old-form', `这是15位的旧身份证号码，已停用。${hint}请按现行证件填写18位号码。`),
    ...(usable ? { suggestion } : {}),
  }
}

function permanentResidence2017(number: string): ValidIdCardNo | InvalidIdCardNo {
  // Characters 8 to 13 are yymmdd. The century is not told and nothing tells the sex: both stay for the clerk to enter.
  const [year, month, day] = [Number(number.slice(7, 9)), Number(number.slice(9, 11)), Number(number.slice(11, 13))]
  if (!isRealDate(2000 + year, month, day)) return problem('id-card-no-date', '永久居留证号码第8至13位的出生日期不存在，请核对。')
  return { ok: true, normalized: number, kind: 'permanent-residence-2017', sex: null, birthDate: null, regionCode: null, warnings: [] }
}

function problem(code: IdCardProblem, sentence: string): InvalidIdCardNo {
  return { ok: false, code, details: {}, sentence }
}
