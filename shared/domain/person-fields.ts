import type { DictionaryName } from '../dictionaries/index.ts'
import { emptyTables, type PersonTables } from './person-tables.ts'

/**
 * 人员基本信息 of a manager, in the order and with the labels of the operation manual 4.1, step three.
 * The one place that says what a field is: the form, the checks, the merge and the conflict screen all read it.
 *
 * The manual's other two, 工作单位 and 年龄, are shown and never stored: one is the unit itself, the other counted.
 *
 * `derived` fields follow from the ID number and are locked wherever the number yields them.
 * `required` is the manual's `*` and nothing else; a field without one is optional (PIPL art. 6). The ID number has no `*`
 * because step two asks for it before the form opens; a form without a right one is refused all the same.
 */
export interface PersonField {
  readonly label: string
  readonly required: boolean
  readonly input:
    | { readonly kind: 'text'; readonly maxLength: number; readonly spelling?: 'person-name' }
    | { readonly kind: 'mobile' }
    | { readonly kind: 'id-card-no' }
    | { readonly kind: 'date' }
    | { readonly kind: 'dictionary'; readonly dictionary: DictionaryName }
    | { readonly kind: 'region' }
  readonly derived?: true
  /** Fields of one group change together or not at all when two clerks' edits are merged (docs/ARCHITECTURE.md, Merge). */
  readonly atomicGroup?: 'identity'
}

const text = (maxLength: number) => ({ kind: 'text', maxLength }) as const
const personName = { kind: 'text', maxLength: 50, spelling: 'person-name' } as const
const dictionary = (name: DictionaryName) => ({ kind: 'dictionary', dictionary: name }) as const

export const personFields = {
  name: { label: '姓名', required: true, input: personName, atomicGroup: 'identity' },
  formerName: { label: '曾用名', required: false, input: personName },
  socialInsuranceStatus: { label: '社保情况', required: false, input: dictionary('socialInsuranceStatus') },
  jobPosition: { label: '职务', required: true, input: text(50) },
  professionalTitle: { label: '职称', required: true, input: text(50) },
  sex: { label: '性别', required: false, input: dictionary('sex'), derived: true, atomicGroup: 'identity' },
  birthDate: { label: '出生年月日', required: true, input: { kind: 'date' }, derived: true, atomicGroup: 'identity' },
  ethnicity: { label: '民族', required: true, input: dictionary('ethnicity') },
  politicalStatus: { label: '政治面貌', required: false, input: dictionary('politicalStatus') },
  idCardNo: { label: '身份证号码', required: false, input: { kind: 'id-card-no' }, atomicGroup: 'identity' },
  hukouType: { label: '户口类型', required: false, input: dictionary('hukouType') },
  hukouRegion: { label: '户口所在地', required: true, input: { kind: 'region' } },
  residenceRegion: { label: '现居住地址', required: true, input: { kind: 'region' } },
  residenceDetail: { label: '现居住地详细地址', required: true, input: text(200) },
  nativePlace: { label: '籍贯', required: true, input: { kind: 'region' } },
  maritalStatus: { label: '婚姻状况', required: false, input: dictionary('maritalStatus') },
  highestEducation: { label: '最高学历', required: true, input: dictionary('highestEducation') },
  highestEducationType: { label: '最高学历类型', required: false, input: dictionary('highestEducationType') },
  highestDegree: { label: '最高学位', required: false, input: dictionary('highestDegree') },
  mobile: { label: '联系电话', required: true, input: { kind: 'mobile' } },
} as const satisfies Readonly<Record<string, PersonField>>

export type PersonFieldName = keyof typeof personFields

export const personFieldNames = Object.keys(personFields) as PersonFieldName[]

/** The same table with every entry seen as a PersonField. */
export const personFieldTable: Readonly<Record<PersonFieldName, PersonField>> = personFields

/**
 * The texts of the form: every field as typed, '' where nothing is. Dictionary fields hold a code, regions a six-digit
 * GB/T 2260 code, dates yyyy-MM-dd once they are right (and the raw text while they are not).
 */
export type PersonTexts = Record<PersonFieldName, string>

/** What is in the form: its texts and the rows of its sub-tables. */
export type PersonValues = PersonTexts & PersonTables

export function emptyPersonValues(): PersonValues {
  return { ...emptyPersonTexts(), ...emptyTables() }
}

function emptyPersonTexts(): PersonTexts {
  return Object.fromEntries(personFieldNames.map((name) => [name, ''])) as PersonTexts
}
