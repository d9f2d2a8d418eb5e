import * as v from 'valibot'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { exportColumnSchema } from '../../../../shared/contract/roster.contract.ts'
import { shanghaiDate } from '../../../../shared/domain/dates.ts'
import { exportHeader, usualExportColumns } from '../../../../shared/domain/export-columns.ts'
import { readMeta, writeMeta } from '../../database/meta.repository.ts'
import type { DialogOptions } from '../../ports.ts'
import { markOf, type ExportInput } from './export-mark.ts'
import { exportRows } from './export-people.ts'
import { requireWhy } from '../reveals.service.ts'
import { noteExport } from './note-export.ts'
import type { ReaderLink } from './reader-link.ts'
import type { RosterContext } from './roster-context.ts'

const filters: DialogOptions['filters'] = [{ name: 'Excel工作簿', extensions: ['xlsx'] }]
/** More people than any unit has. */
const everybody = 1_000_000

type Calls = Pick<BridgeServices['roster'], 'template' | 'saveErrors' | 'exportColumns' | 'exportPeople'>

/** What the clerk takes out of the program as a workbook. */
export function createExports(context: RosterContext, reader: ReaderLink, guarded: <T>(task: () => Promise<T>) => Promise<T>): Calls {
  const { local, search, regions, account, organization, ports, wakeSync } = context
  const chosenBefore = `export-columns:${account.id}` as const
  const stamp = () => shanghaiDate(ports.clock.now()).replaceAll('-', '')
  const save = (title: string, suggestedName: string, write: (path: string) => Promise<void>) => ports.dialogs.saveFile({ title, filters, suggestedName }, write)

  async function writeSheet(path: string, ids: readonly string[], input: ExportInput): Promise<void> {
    const { columns, why } = input
    const now = ports.clock.now()
    if (why) {
      await local.db.transaction().execute((trx) => noteExport(trx, ids, columns, why, account.id, now))
      wakeSync()
    }
    const mark = markOf({ ...input, organization, account, now, people: ids.length })
    await reader.ask((roster) => roster.beginSheet({ mark, headers: columns.map(exportHeader) }))
    for await (const rows of exportRows(local.db, ids, { columns, regions, today: shanghaiDate(now), numbersInClear: why !== null })) await reader.ask((roster) => roster.addRows({ rows }))
    await reader.ask((roster) => roster.finishSheet({ path }))
  }

  return {
    template: async () => ({
      name: await save('保存模板', '管理人员名册模板.xlsx', async (path) => void (await reader.ask((roster) => roster.writeTemplate({ path, resources: ports.paths.resources })))),
    }),
    saveErrors: async () => {
      let rows = 0
      const name = await save('保存错误文件', `名册错误_${stamp()}.xlsx`, async (path) => void ({ rows } = await reader.ask((roster) => roster.writeErrors({ path }))))
      return { name, rows }
    },
    exportColumns: async () => {
      const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(exportColumnSchema)), await guarded(() => readMeta(local.db, chosenBefore)))
      return { columns: kept.success && kept.output.length > 0 ? kept.output : [...usualExportColumns] }
    },
    exportPeople: async (input) => {
      if (input.why) requireWhy(input.why)
      await guarded(() => writeMeta(local.db, chosenBefore, JSON.stringify(input.columns)))
      const page = input.onlyNeedingAttention ? search.pageNeedingAttention : search.page
      const { ids } = await guarded(() => local.db.connection().execute(async () => page(input.query, 1, everybody, undefined, { personType: 'manager', ...(input.employmentStatus && { employmentStatus: input.employmentStatus }) })))
      const name = await save('导出管理人员名册', `管理人员名册_${stamp()}.xlsx`, (path) => guarded(() => writeSheet(path, ids, input)))
      return { name, rows: ids.length }
    },
  }
}
