import type { Dictionary, DictionaryEntry } from './dictionary.ts'

export type { Dictionary, DictionaryEntry }

export const dictionaryNames = [
  'sex', 'ethnicity', 'politicalStatus', 'maritalStatus', 'highestEducation', 'highestEducationType', 'highestDegree', 'hukouType',
  'socialInsuranceStatus',
] as const
export type DictionaryName = (typeof dictionaryNames)[number]
