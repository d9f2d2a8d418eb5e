import { isCode } from '../dictionaries/index.ts'
import { parseDate } from './dates.ts'
import { ageOn, deriveFromIdCardNo } from './derive.ts'
import { checkIdCardNo } from './id-card-no.ts'
import { managerFieldNames, managerFieldTable, type ManagerField, type ManagerFieldName, type ManagerValues } from './manager-fields.ts'
import { isMobile } from './mobile.ts'

/** A Chinese sentence for each field that is wrong; empty where everything is right. */
export type ManagerProblems = Partial<Record<ManagerFieldName, string>>

/** 劳动法 art. 15: nobody under 16 may be employed. */
const youngest = 16
const oldest = 100

/**
 * Full check at 提交, the same on the workstation and at the central service.
 * Whether a region code exists in the current table is not asked: tables age, people's papers do not.
 * @param today yyyy-MM-dd in Shanghai
 */
export function validateManager(values: ManagerValues, today: string): ManagerProblems {
  const problems = identityProblems(values, today)
  for (const name of managerFieldNames) {
    const problem = fieldProblem(managerFieldTable[name], values[name], today)
    // What a field says wrongly by itself comes before how it sits with the others.
    if (problem) problems[name] = problem
  }
  return problems
}

function fieldProblem(field: ManagerField, value: string, today: string): string | null {
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
      return parseDate(value) === value ? null : `${label}不是有效的日期，请按“19900307”或“1990-03-07”填写。`
    case 'dictionary':
      return isCode(input.dictionary, value) ? null : `请从列表中选择${label}。`
    case 'region':
      return /^[1-9]\d{5}$/.test(value) ? null : `请选择${label}。`
  }
}

/** What is picked from a list is not filled in. */
function missing({ input, label }: ManagerField): string {
  return input.kind === 'dictionary' || input.kind === 'region' ? `请选择${label}。` : `请填写${label}。`
}

function textProblem(label: string, value: string, { maxLength, spelling }: { maxLength: number; spelling?: 'person-name' }): string | null {
  const length = [...value].length
  if (length > maxLength) return `${label}最多${maxLength}个字，现为${length}个字。`
  if (/[\p{Cc}\p{Cf}]/u.test(value)) return `${label}中有不可见的字符，请重新输入。`
  if (spelling === 'person-name' && !/^[\p{L}\p{M}〇·•.’' -]+$/u.test(value)) return `${label}中只能有文字和间隔号“·”，请核对。`
  return null
}

/** Sex and birth date must say what the number says, and the person must be of working age. */
function identityProblems(values: ManagerValues, today: string): ManagerProblems {
  const derived = deriveFromIdCardNo(values.idCardNo)
  const problems: ManagerProblems = {}
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
