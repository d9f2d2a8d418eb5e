import { attachmentType } from './attachment-type.ts'
import type { Dictionary, DictionaryEntry } from './dictionary.ts'
import { highestDegree, highestEducation, highestEducationType } from './education.ts'
import { leaveReason } from './employment.ts'
import { ethnicity } from './ethnicity.ts'
import { hukouType, maritalStatus, politicalStatus, sex, socialInsuranceStatus } from './person.ts'
import { graduated, relation, titleLevel } from './sub-tables.ts'
import { specialTrade, workType } from './trades.ts'

export type { Dictionary, DictionaryEntry }

/** To add one, see docs/how-to-add-dictionary.md. */
export const dictionaries = {
  sex,
  ethnicity,
  politicalStatus,
  maritalStatus,
  highestEducation,
  highestEducationType,
  highestDegree,
  hukouType,
  socialInsuranceStatus,
  relation,
  graduated,
  titleLevel,
  workType,
  specialTrade,
  attachmentType,
  leaveReason,
} as const satisfies Readonly<Record<string, Dictionary>>

export type DictionaryName = keyof typeof dictionaries

export const dictionaryNames = Object.keys(dictionaries) as DictionaryName[]

const byCode = new Map(
  dictionaryNames.map((name) => [name, new Map(dictionaries[name].entries.map((entry) => [entry.code, entry]))]),
)

/** Where two entries share a spelling, the first has it. */
const bySpelling = new Map(
  dictionaryNames.map((name) => {
    const entries: readonly DictionaryEntry[] = dictionaries[name].entries
    return [name, new Map(entries.flatMap(({ code, label, aliases = [] }) => [label, ...aliases].map((text) => [spelling(text), code] as const)).toReversed())]
  }),
)

/** The label of a stored code; '' for none, and the code itself where this version does not know it. */
export function labelOf(name: DictionaryName, code: string): string {
  return byCode.get(name)?.get(code)?.label ?? code
}

export function isCode(name: DictionaryName, code: string): boolean {
  return byCode.get(name)?.has(code) ?? false
}

/** The stored code of a label or one of its other spellings, brackets of either width; null where there is none. */
export function findCode(name: DictionaryName, labelOrAlias: string): string | null {
  return bySpelling.get(name)?.get(spelling(labelOrAlias)) ?? null
}

function spelling(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '')
}
