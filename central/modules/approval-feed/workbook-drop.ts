import { readXlsx } from 'hucre/xlsx'
import { projectStatusLabels, projectStatuses } from '../../../shared/domain/project.ts'
import { organizationKinds, organizationKindTable } from '../../../shared/domain/statuses.ts'
import type { FeedKind } from './feed-record.ts'

/** What a file of the drop holds: deliveries as they stand there, or in a word why there are none. */
export type DropContent = { readonly deliveries: readonly unknown[] } | { readonly unreadable: string }

type Cell = string | number | boolean | Date | null | undefined
type Read = (cell: Cell) => unknown

const pad = (number: number) => String(number).padStart(2, '0')
/** Days of a workbook have no zone: the library tells them in UTC. */
const text: Read = (cell) => (cell instanceof Date ? `${cell.getUTCFullYear()}-${pad(cell.getUTCMonth() + 1)}-${pad(cell.getUTCDate())}` : cell === null || cell === undefined ? '' : String(cell).trim())
const oneOf = <T extends string>(values: readonly T[], labelOf: (value: T) => string): Read => (cell) => values.find((value) => labelOf(value) === text(cell)) ?? text(cell)
const projectStatus: Read = (cell) => (text(cell) === '' ? undefined : oneOf(projectStatuses, (status) => projectStatusLabels[status])(cell))
const version: Read = (cell) => (typeof cell === 'number' ? cell : /^\d{1,15}$/.test(String(text(cell))) ? Number(text(cell)) : text(cell))

type Columns = Readonly<Record<string, { readonly member: string; readonly read: Read; readonly optional?: true }>>
const of = (member: string, read: Read = text) => ({ member, read })
const mayLack = (member: string, read: Read = text) => ({ member, read, optional: true }) as const

const person: Columns = { 报建编号: of('projectNo'), 统一社会信用代码: of('creditCode'), 姓名: of('name'), 身份证号码: of('idCardNo') }

/** A sheet a kind, by its name; its columns by the words of their first row, in any order (docs/approval-feed.md). */
export const feedSheets: Readonly<Record<string, { readonly kind: FeedKind; readonly columns: Columns }>> = {
  项目: { kind: 'project', columns: { 报建编号: of('projectNo'), 项目名称: of('name'), 项目状态: mayLack('status', projectStatus), 实施单位统一社会信用代码: of('implementerCreditCode') } },
  参建单位: { kind: 'party', columns: { 报建编号: of('projectNo'), 统一社会信用代码: of('creditCode'), 单位名称: of('name'), 单位类型: of('kind', oneOf(organizationKinds, (kind) => organizationKindTable[kind].label)) } },
  合同备案: { kind: 'contract-filing', columns: { 报建编号: of('projectNo'), 统一社会信用代码: of('creditCode'), '中标价(万元)': mayLack('bidPriceWan'), 面积: mayLack('area'), 开工日期: mayLack('startDate'), 竣工日期: mayLack('completionDate') } },
  管理人员: { kind: 'manager', columns: { ...person, 项目岗位: of('post') } },
  班组成员: { kind: 'team-member', columns: { ...person, 班组: mayLack('team'), 项目岗位: mayLack('post') } },
}
/** Of every sheet; of a record that is taken back nothing else need be filled in. */
const head: Columns = { 记录编号: of('sourceId'), 版本: of('version', version), 撤回: mayLack('withdrawn') }

/**
 * Records of a workbook. What is wrong with a record is told by whoever reads it; a sheet or column that nobody knows makes the whole file
 * unreadable, as leaving it out would lose what stands in it.
 */
export async function readWorkbook(bytes: Uint8Array): Promise<DropContent> {
  const workbook = await readXlsx(bytes).catch(() => null)
  if (!workbook) return { unreadable: 'not-a-workbook' }
  const deliveries: unknown[] = []
  for (const { name, rows } of workbook.sheets) {
    const [header, ...lines] = rows.filter((row) => row.some((cell) => text(cell) !== ''))
    if (!header) continue
    const sheet = feedSheets[name.trim()]
    if (!sheet) return { unreadable: 'unknown-sheet' }
    const labels = header.map((cell) => String(text(cell)))
    const wanted = { ...sheet.columns, ...head }
    if (labels.some((label) => label !== '' && !Object.hasOwn(wanted, label)) || new Set(labels).size < labels.length) return { unreadable: 'unknown-column' }
    if (Object.entries(wanted).some(([label, { optional }]) => !optional && !labels.includes(label))) return { unreadable: 'missing-column' }
    for (const line of lines) deliveries.push(recordOf(sheet, (label) => line[labels.indexOf(label)]))
  }
  return deliveries.length === 0 ? { unreadable: 'no-records' } : { deliveries }
}

function recordOf({ kind, columns }: (typeof feedSheets)[string], cell: (label: string) => Cell): unknown {
  const told = { sourceId: text(cell('记录编号')), kind, version: version(cell('版本')) }
  const mark = text(cell('撤回'))
  if (mark === '是') return { ...told, withdrawn: true }
  // Any other word is refused with the record.
  if (mark !== '' && mark !== '否') return { ...told, withdrawn: mark }
  return { ...told, body: Object.fromEntries(Object.entries(columns).map(([label, { member, read }]) => [member, read(cell(label))])) }
}
