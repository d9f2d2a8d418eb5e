import { isCode } from '../dictionaries/index.ts'
import { isRealDate, parseDate } from './dates.ts'
import { ageOn } from './derive.ts'
import { cellPath, type FieldPath } from './field-path.ts'
import { columnNames, isBlankRow, tableNamesOf, tablesOf, type DateKind, type PersonTables, type TableColumn, type TableName, type TableRow } from './person-tables.ts'
import { isPhone } from './mobile.ts'
import { longestCertificate } from './special-trades.ts'
import type { PersonType } from './statuses.ts'
import { missingChoice, missingText, noDate, notFromList, textProblem } from './text-validation.ts'

type Problems = Partial<Record<FieldPath, string>>
type Sentences = Record<string, string>

/** A certificate that does not run out. */
export const longTerm = '长期'
/** Manual 4.1: 教育经历 from 高中 on. Nobody is there before. Of workers 5.3 asks for all of it. */
const youngestPupils: Readonly<Record<PersonType, number>> = { manager: 12, worker: 5 }
const scoreWords = ['优秀', '良好', '中等', '合格', '及格', '不合格', '不及格', '通过']

/**
 * What is wrong in the sub-tables, by cell. Empty rows are no rows, and nothing is said of them.
 * @param birthDate yyyy-MM-dd, or whatever stands in its field @param today yyyy-MM-dd in Shanghai
 */
export function tableProblems(personType: PersonType, tables: PersonTables, birthDate: string, today: string): Problems {
  const problems: Problems = {}
  for (const table of tableNamesOf(personType)) {
    const columns = tablesOf(personType)[table]?.columns ?? {}
    const rows = tables[table]
    for (const [index, row] of rows.entries()) {
      if (isBlankRow(table, row)) continue
      const sentences = { ...relationProblems({ personType, table, columns, birthDate }, row, rows.slice(0, index)), ...cellProblems(columns, row, today) }
      for (const column of columnNames(table)) if (sentences[column]) problems[cellPath(table, row.id, column)] = sentences[column]
    }
  }
  return problems
}

type Columns = Readonly<Record<string, TableColumn>>

function cellProblems(columns: Columns, row: TableRow, today: string): Sentences {
  const sentences: Sentences = {}
  for (const [name, column] of Object.entries(columns)) {
    const sentence = cellProblem(column, row[name] ?? '', today)
    if (sentence) sentences[name] = sentence
  }
  return sentences
}

function cellProblem({ label, required, input }: TableColumn, value: string, today: string): string | null {
  if (value.trim() === '') return required ? (input.kind === 'dictionary' ? missingChoice(label) : missingText(label)) : null
  switch (input.kind) {
    case 'text':
      return textProblem(label, value, input)
    case 'phone':
      return isPhone(value) ? null : `${label}应为11位手机号码或固定电话（如021-62345678），请核对。`
    case 'dictionary':
      return isCode(input.dictionary, value) ? null : notFromList(label)
    case 'score':
      return isScore(value) ? null : `${label}应为0至100的分数，或“合格”等评定。`
    case 'date':
      return dateProblem(label, value, input.is, today)
  }
}

function isScore(value: string): boolean {
  return scoreWords.includes(value) || (/^\d{1,3}(?:\.\d{1,2})?$/.test(value) && Number(value) <= 100)
}

function dateProblem(label: string, value: string, is: DateKind, today: string): string | null {
  if (is === 'validity' && value === longTerm) return null
  if (is === 'expiry' && value === longTerm) return `${label}应为日期，特种作业操作证没有长期有效的，请核对。`
  if (parseDate(value) !== value) return is === 'validity' ? `${label}应为日期或“${longTerm}”，日期请按“20301231”或“2030-12-31”填写。` : noDate(label)
  if (is === 'past' && value > today) return `${label}晚于今天，请核对。`
  if (is === 'expiry' && value > yearsLater(today, longestCertificate)) return `${label}距今超过${longestCertificate}年，特种作业操作证最长${longestCertificate}年有效，请核对。`
  return (is === 'validity' || is === 'expiry') && value < today ? `${label}已于${value}届满，请换证或删除此行。` : null
}

/** As texts compare: of 29 February the day that a common year lacks is no day later than its 28th. */
const yearsLater = (day: string, years: number) => `${Number(day.slice(0, 4)) + years}${day.slice(4)}`

interface RowContext {
  readonly personType: PersonType
  readonly table: TableName
  readonly columns: Columns
  readonly birthDate: string
}

/** How a row's cells sit with one another, with the rows above and with the person. */
function relationProblems(context: RowContext, row: TableRow, above: readonly TableRow[]): Sentences {
  switch (context.table) {
    case 'educations':
      return educationProblems(row, context)
    case 'skillTitles':
      return bornAfter(row, 'obtainedOn', context)
    case 'trainings':
      return bornAfter(row, 'trainedOn', context)
    case 'awards':
      return bornAfter(row, 'awardedOn', context)
    case 'licences':
      return repeated(row, above, 'licenceNo', context)
    case 'specialCertificates':
      return repeated(row, above, 'specialTrade', context)
    case 'emergencyContacts':
      return repeated(row, above, 'phone', context)
  }
}

function educationProblems({ startDate = '', endDate = '' }: TableRow, { personType, birthDate }: RowContext): Sentences {
  const youngest = youngestPupils[personType]
  const sentences: Sentences = {}
  if (isDate(startDate) && isDate(endDate) && endDate < startDate) sentences['endDate'] = '截止时间早于开始时间，请核对。'
  for (const [name, label, date] of [['startDate', '开始时间', startDate], ['endDate', '截止时间', endDate]] as const) {
    const age = isDate(date) ? ageOn(birthDate, date) : null
    const tooEarly = isDate(date) && isDate(birthDate) && (age === null || age < youngest)
    if (tooEarly) sentences[name] = `${label}时该人员不满${youngest}周岁，${personType === 'manager' ? '教育经历从高中填起，' : ''}请核对。`
  }
  return sentences
}

function bornAfter(row: TableRow, column: string, { columns, birthDate }: RowContext): Sentences {
  const date = row[column] ?? ''
  const label = columns[column]?.label ?? column
  return isDate(date) && isDate(birthDate) && date < birthDate ? { [column]: `${label}早于该人员的出生年月日，请核对。` } : {}
}

function repeated(row: TableRow, above: readonly TableRow[], column: string, { columns }: RowContext): Sentences {
  const text = row[column] ?? ''
  const first = above.findIndex((other) => text !== '' && other[column] === text)
  const label = columns[column]?.label ?? column
  return first < 0 ? {} : { [column]: `${label}与第${first + 1}行相同，请核对。` }
}

function isDate(text: string): boolean {
  const [year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.slice(1).map(Number) ?? []
  return year !== undefined && month !== undefined && day !== undefined && isRealDate(year, month, day)
}
