import { isCode } from '../dictionaries/index.ts'
import { parseDate } from './dates.ts'
import { ageOn, deriveFromIdCardNo } from './derive.ts'
import { rowPath, type FieldPath } from './field-path.ts'
import { checkIdCardNo } from './id-card-no.ts'
import { fieldsOf, personFieldNames, personFieldTable, type FormField, type PersonTexts, type PersonValues } from './person-fields.ts'
import { isMobile } from './mobile.ts'
import { personTables, tableNames, tablesOf } from './person-tables.ts'
import { specialTradeProblem } from './special-trades.ts'
import { personTypeLabels, type PersonType } from './statuses.ts'
import { tableProblems } from './table-validation.ts'
import { missingChoice, missingText, noDate, noRegion, notFromList, textProblem } from './text-validation.ts'

/** A Chinese sentence for each field or cell that is wrong, in the order of the form; empty where everything is right. */
export type PersonProblems = Partial<Record<FieldPath, string>>

/** 劳动法 art. 15: nobody under 16 may be employed. */
const youngest = 16
const oldest = 100

/**
 * Full check at 提交 of a form of this kind, the same on the workstation and at the central service. What the kind does not have
 * must be empty: nothing is kept of anybody that nobody asks for (PIPL art. 6).
 * Whether a region code exists in the current table is not asked: tables age, people's papers do not.
 * @param today yyyy-MM-dd in Shanghai
 */
export function validatePerson(personType: PersonType, values: PersonValues, today: string): PersonProblems {
  const relations = { ...identityProblems(values, today), ...workProblems(personType, values, today) }
  const fields = fieldsOf(personType)
  const problems: PersonProblems = {}
  const isNumberWrong = values.idCardNo.trim() !== '' && !checkIdCardNo(values.idCardNo, today).ok
  for (const name of personFieldNames) {
    const field = fields[name]
    // What the number is to tell is not asked for as well where the number itself is wrong.
    if (isNumberWrong && field?.derived && values[name] === '') continue
    // What a field says wrongly by itself comes before how it sits with the others.
    const problem = field ? (fieldProblem(field, values[name], today) ?? relations[name]) : values[name].trim() === '' ? null : notOfThisKind(personFieldTable[name].label, personType)
    if (problem) problems[name] = problem
  }
  return { ...problems, ...tableProblems(personType, values, values.birthDate, today), ...foreignRows(personType, values) }
}

const notOfThisKind = (label: string, personType: PersonType) => `${personTypeLabels[personType]}不登记${label}，请清空。`

/** Rows of tables that people of this kind do not have. */
function foreignRows(personType: PersonType, values: PersonValues): PersonProblems {
  const foreign = tableNames.filter((table) => !tablesOf(personType)[table])
  return Object.fromEntries(foreign.flatMap((table) => values[table].map(({ id }) => [rowPath(table, id), notOfThisKind(personTables[table].label, personType)])))
}

/** Whether a worker may work at the trade. */
function workProblems(personType: PersonType, values: PersonValues, today: string): PersonProblems {
  const problem = personType === 'worker' ? specialTradeProblem(values.workType, values, values.birthDate, today) : null
  return problem ? { workType: problem } : {}
}

function fieldProblem(field: FormField, value: string, today: string): string | null {
  const { input, label } = field
  if (value.trim() === '') return field.required || input.kind === 'id-card-no' ? missing(field) : null
  switch (input.kind) {
    case 'text':
      return textProblem(label, value, input)
    case 'mobile':
      return isMobile(value) ? null : `${label}应为11位手机号码，请核对。`
    case 'id-card-no': {
      const checked = checkIdCardNo(value, today)
      return checked.ok ? null : checked.sentence
    }
    case 'date':
      return parseDate(value) === value ? null : noDate(label)
    case 'dictionary':
      return isCode(input.dictionary, value) ? null : notFromList(label)
    case 'region':
      return /^[1-9]\d{5}$/.test(value) ? null : noRegion(label)
  }
}

/** What is picked from a list is not filled in. */
function missing({ input, label }: FormField): string {
  return input.kind === 'dictionary' || input.kind === 'region' ? missingChoice(label) : missingText(label)
}

/** Sex and birth date must say what the number says, and the person must be of working age. */
function identityProblems(values: PersonTexts, today: string): PersonProblems {
  const derived = deriveFromIdCardNo(values.idCardNo)
  const problems: PersonProblems = {}
  if (derived.sex && values.sex !== derived.sex) problems.sex = '性别与身份证号码不符，请核对。'
  if (derived.birthDate && values.birthDate !== derived.birthDate) problems.birthDate = '出生年月日与身份证号码不符，请核对。'
  const problem = ageProblem(values.birthDate, today)
  if (problem) problems.birthDate = problem
  return problems
}

/**
 * Why nobody born on this day can be registered; null where somebody can, or where it is no date.
 * @param today yyyy-MM-dd in Shanghai
 */
export function ageProblem(birthDate: string, today: string): string | null {
  const age = ageOn(birthDate, today)
  if (age === null) return parseDate(birthDate) ? '出生年月日晚于今天，请核对。' : null
  if (age < youngest) return `该人员现年${age}周岁，未满16周岁不得用工（劳动法第十五条）。`
  return age > oldest ? `出生年月日换算为${age}周岁，请核对。` : null
}
