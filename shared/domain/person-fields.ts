import type { DictionaryName } from '../dictionaries/index.ts'
import { emptyTables, tableNamesOf, type PersonTables, type TableName } from './person-tables.ts'
import { forEachKind, type PersonType } from './statuses.ts'

/**
 * 人员基本信息 of every kind of person, in the order and with the labels of the operation manual (管理人员 4.1, 现场作业人员 5.3).
 * The one place that says what a field is: the form, the checks, the merge and the conflict screen all read it. What one kind
 * has of them is `fieldsOf` (ADR 0039).
 *
 * The manual's other two, 工作单位 and 年龄, are shown and never stored: one is the unit itself, the other counted.
 *
 * `derived` fields follow from the ID number and are locked wherever the number yields them.
 * `required` names the kinds that have the field, each with the manual's `*`: true, or false where it is optional (PIPL art. 6). A
 * kind that is not named is not asked for it. The ID number has no `*` because it is asked for before the form opens; a form
 * without a right one is refused all the same. Of a worker the stars are those of the phone page, 5.3 方法二: the form on the
 * desk has none that can be read.
 */
export interface PersonField {
  readonly label: string
  readonly required: Readonly<Partial<Record<PersonType, boolean>>>
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
  name: { label: '姓名', required: { manager: true, worker: true }, input: personName, atomicGroup: 'identity' },
  formerName: { label: '曾用名', required: { manager: false, worker: false }, input: personName },
  socialInsuranceStatus: { label: '社保情况', required: { manager: false }, input: dictionary('socialInsuranceStatus') },
  jobPosition: { label: '职务', required: { manager: true, worker: false }, input: text(50) },
  workType: { label: '工种', required: { worker: true }, input: dictionary('workType') },
  professionalTitle: { label: '职称', required: { manager: true }, input: text(50) },
  sex: { label: '性别', required: { manager: false, worker: true }, input: dictionary('sex'), derived: true, atomicGroup: 'identity' },
  birthDate: { label: '出生年月日', required: { manager: true, worker: true }, input: { kind: 'date' }, derived: true, atomicGroup: 'identity' },
  ethnicity: { label: '民族', required: { manager: true, worker: true }, input: dictionary('ethnicity') },
  politicalStatus: { label: '政治面貌', required: { manager: false, worker: false }, input: dictionary('politicalStatus') },
  idCardNo: { label: '身份证号码', required: { manager: false, worker: false }, input: { kind: 'id-card-no' }, atomicGroup: 'identity' },
  hukouType: { label: '户口类型', required: { manager: false, worker: true }, input: dictionary('hukouType') },
  hukouRegion: { label: '户口所在地', required: { manager: true, worker: true }, input: { kind: 'region' } },
  residenceRegion: { label: '现居住地址', required: { manager: true, worker: true }, input: { kind: 'region' } },
  residenceDetail: { label: '现居住地详细地址', required: { manager: true, worker: true }, input: text(200) },
  nativePlace: { label: '籍贯', required: { manager: true, worker: true }, input: { kind: 'region' } },
  maritalStatus: { label: '婚姻状况', required: { manager: false }, input: dictionary('maritalStatus') },
  highestEducation: { label: '最高学历', required: { manager: true }, input: dictionary('highestEducation') },
  highestEducationType: { label: '最高学历类型', required: { manager: false }, input: dictionary('highestEducationType') },
  highestDegree: { label: '最高学位', required: { manager: false }, input: dictionary('highestDegree') },
  mobile: { label: '联系电话', required: { manager: true, worker: true }, input: { kind: 'mobile' } },
} as const satisfies Readonly<Record<string, PersonField>>

export type PersonFieldName = keyof typeof personFields

export const personFieldNames = Object.keys(personFields) as PersonFieldName[]

/** The same table with every entry seen as a PersonField. */
export const personFieldTable: Readonly<Record<PersonFieldName, PersonField>> = personFields

/** A field as the form of one kind of person has it. */
export interface FormField {
  readonly label: string
  readonly required: boolean
  readonly input: PersonField['input']
  readonly derived: boolean
}

const fieldsByKind = forEachKind((personType) =>
  Object.fromEntries(
    personFieldNames.flatMap((name) => {
      const { label, required, input, derived = false } = personFieldTable[name]
      const isRequired = required[personType]
      return isRequired === undefined ? [] : [[name, { label, required: isRequired, input, derived } satisfies FormField]]
    }),
  ) as Readonly<Partial<Record<PersonFieldName, FormField>>>,
)

/** What the form of this kind has, in the manual's order. */
export const fieldsOf = (personType: PersonType): Readonly<Partial<Record<PersonFieldName, FormField>>> => fieldsByKind[personType]

export const fieldNamesOf = (personType: PersonType): PersonFieldName[] => Object.keys(fieldsByKind[personType]) as PersonFieldName[]

/**
 * The texts of the form: every field as typed, '' where nothing is. Dictionary fields hold a code, regions a six-digit
 * GB/T 2260 code, dates yyyy-MM-dd once they are right (and the raw text while they are not).
 */
export type PersonTexts = Record<PersonFieldName, string>

/** What is in the form: its texts and the rows of its sub-tables. What its kind of person does not have is empty. */
export type PersonValues = PersonTexts & PersonTables

export function emptyPersonValues(): PersonValues {
  return { ...emptyPersonTexts(), ...emptyTables() }
}

function emptyPersonTexts(): PersonTexts {
  return Object.fromEntries(personFieldNames.map((name) => [name, ''])) as PersonTexts
}

/** Only what the form of this kind has: what somebody was registered with as the other kind stays behind. */
export function valuesOfKind(personType: PersonType, values: PersonValues): PersonValues {
  const names: readonly (PersonFieldName | TableName)[] = [...fieldNamesOf(personType), ...tableNamesOf(personType)]
  return { ...emptyPersonValues(), ...Object.fromEntries(names.map((name) => [name, values[name]])) }
}
