import { dictionaries } from '../../../shared/dictionaries/index.ts'
import type { RegionNames } from '../../../shared/domain/region-names.ts'
import { rosterColumns, type RosterColumn } from '../../../shared/domain/roster-columns.ts'
import { mostRows } from './limits.ts'
import { exampleCell, headerCell, requiredHeaderCell, textCell, widthFor } from './sheet-style.ts'
import { writeWorkbook, type WriteSheet } from './workbook.ts'

/** Rows that are ready to be typed into. Excel copies the format on to those below. */
const emptyRows = 500
/** Excel's own limit for a list that stands in the cell's rule itself, in characters with the commas. */
const longestInlineList = 255
const dictionarySheet = '字典'

/** Nobody's: the example number of GB 11643, and a name that the import passes over. */
const example: Readonly<Record<string, string>> = {
  idCardNo: '11010519491231002X', name: '示例（可删除本行）', jobPosition: '项目经理', professionalTitle: '工程师', sex: '女', birthDate: '1949-12-31', ethnicity: '汉族',
  hukouRegion: '上海市徐汇区', residenceRegion: '上海市徐汇区', residenceDetail: '示例路1号', nativePlace: '北京市朝阳区', highestEducation: '本科', mobile: '13900000000',
}

export async function writeTemplate(regions: RegionNames): Promise<Uint8Array> {
  const lists = listsOf(regions)
  return writeWorkbook([rosterSheet(lists), notesSheet(), { name: dictionarySheet, rows: columnsOf(lists.filter(({ isLong }) => isLong)), hidden: true }])
}

interface ChoiceList {
  readonly column: RosterColumn
  readonly values: readonly string[]
  readonly isLong: boolean
}

function listsOf(regions: RegionNames): ChoiceList[] {
  return rosterColumns.flatMap((column) => {
    const { input } = column
    const values = input.kind === 'dictionary' ? dictionaries[input.dictionary].entries.map(({ label }) => label) : input.kind === 'region' ? regions.labels : []
    return values.length === 0 ? [] : [{ column, values, isLong: values.join(',').length > longestInlineList }]
  })
}

function rosterSheet(lists: readonly ChoiceList[]): WriteSheet {
  const rows = [rosterColumns.map(({ label, required }) => (required ? `${label}*` : label)), rosterColumns.map(({ key }) => example[key] ?? null)]
  const cells: NonNullable<WriteSheet['cells']> = new Map()
  rosterColumns.forEach(({ required }, column) => {
    cells.set(`0,${column}`, { style: required ? requiredHeaderCell : headerCell })
    cells.set(`1,${column}`, { style: exampleCell })
    // Empty cells with a style of their own: a format of the whole column reaches no empty cell.
    for (let row = 2; row < emptyRows + 2; row++) cells.set(`${row},${column}`, { value: null, type: 'empty', style: textCell })
  })
  return {
    name: '管理人员名册', rows: [...rows, ...Array.from({ length: emptyRows }, () => rosterColumns.map(() => null))], cells,
    columns: rosterColumns.map(({ key, label }) => ({ width: key === 'idCardNo' ? 22 : key === 'residenceDetail' ? 28 : widthFor(label) })),
    freezePane: { rows: 1, columns: 2 },
    dataValidations: [...lists.map((list) => choiceRule(list, lists)), ...numberRules()],
  }
}

function rangeOf(column: RosterColumn): string {
  const letter = columnLetter(rosterColumns.indexOf(column))
  return `${letter}2:${letter}${mostRows + 2}`
}

type Rule = NonNullable<WriteSheet['dataValidations']>[number]

function choiceRule(list: ChoiceList, lists: readonly ChoiceList[]): Rule {
  const { column, values, isLong } = list
  const letter = columnLetter(lists.filter((other) => other.isLong).indexOf(list))
  return {
    type: 'list', range: rangeOf(column), allowBlank: true, showErrorMessage: true,
    ...(isLong ? { formula1: `${dictionarySheet}!$${letter}$1:$${letter}$${values.length}` } : { values: [...values] }),
    // Other spellings are understood as well, so it only warns.
    errorStyle: 'warning', errorTitle: column.label, errorMessage: `请从列表中选择${column.label}。`,
  }
}

function numberRules(): Rule[] {
  return rosterColumns.flatMap((column): Rule[] => {
    const { kind } = column.input
    if (kind === 'id-card-no') {
      return [{
        type: 'textLength', operator: 'between', formula1: '15', formula2: '18', range: rangeOf(column), allowBlank: true, showErrorMessage: true, errorStyle: 'warning',
        errorTitle: column.label, errorMessage: '身份证号码应为18位。', showInputMessage: true, inputTitle: column.label, inputMessage: '单元格须为文本格式，否则后几位会丢失。',
      }]
    }
    if (kind === 'mobile') return [{ type: 'textLength', operator: 'equal', formula1: '11', range: rangeOf(column), allowBlank: true, showErrorMessage: true, errorStyle: 'warning', errorTitle: column.label, errorMessage: '应为11位手机号码。' }]
    return []
  })
}

function notesSheet(): WriteSheet {
  const notes = [
    '填写说明',
    '1. 每人一行，身份证号码、姓名必填；蓝色表头（带*）的各列在登记时必填。列的先后可以调整，不用的列可以删去。',
    '2. 身份证号码、联系电话的单元格是文本格式，请不要改成数字；从别处粘贴时请选择“只保留文本”。',
    '3. 性别、出生年月日可以不填，由身份证号码得出；填写了就必须与号码一致。',
    '4. 日期可写成 20200307、2020-3-7、2020.3.7、2020/3/7 或 2020年3月7日。',
    '5. 民族、最高学历等从列表中选择；地区写到区县，例如“上海市徐汇区”“江苏省苏州市昆山市”。',
    '6. 已登记的人员会按身份证号码更新；空白的单元格不改变原来的内容。',
    '7. 不要用公式、合并单元格和图片填写。照片可以另加一列“照片”，嵌入或盖在该行上，导入时作为正面照。“示例”开头的行不会导入。',
    `8. 一次最多导入${mostRows}人。导入前会先检查并显示结果，确认后才登记；有错误的行可以在页面上直接改正，或下载错误文件改好后再次导入。`,
  ]
  return { name: '填写说明', rows: notes.map((note) => [note]), columns: [{ width: 110 }], cells: new Map([['0,0', { style: { font: { bold: true, size: 13 } } }]]) }
}

function columnsOf(lists: readonly ChoiceList[]): (string | null)[][] {
  const longest = Math.max(0, ...lists.map(({ values }) => values.length))
  return Array.from({ length: longest }, (_, row) => lists.map(({ values }) => values[row] ?? null))
}

export function columnLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetter(Math.floor(index / 26) - 1) + letter
}
