import * as v from 'valibot'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { exportColumnSchema } from '../../../../shared/contract/roster.contract.ts'
import { shanghaiDate, shanghaiMinute } from '../../../../shared/domain/dates.ts'
import { exportHeader, usualExportColumns } from '../../../../shared/domain/export-columns.ts'
import { revealReasonLabels, type RevealWhy } from '../../../../shared/domain/reveals.ts'
import { readMeta, writeMeta } from '../../database/meta.repository.ts'
import type { DialogOptions } from '../../ports.ts'
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

  async function writeSheet(path: string, ids: readonly string[], columns: readonly string[], why: RevealWhy | null): Promise<void> {
    const now = ports.clock.now()
    if (why) {
      await local.db.transaction().execute((trx) => noteExport(trx, ids, columns, why, account.id, now))
      wakeSync()
    }
    const hidden = why ? `号码未隐藏，原因：${revealReasonLabels[why.reason]}，已记录。` : '身份证号码、联系电话、出生年月日和详细地址已隐藏一部分。'
    const notice = `${organization.name} ${account.displayName} ${shanghaiMinute(now)} 导出，共${ids.length}人。${hidden}内含个人信息，只供本单位核对，请勿外传。`
    await reader.ask((roster) => roster.beginSheet({ notice, headers: columns.map(exportHeader) }))
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
    exportPeople: async ({ query, onlyNeedingAttention, columns, why }) => {
      if (why) requireWhy(why)
      await guarded(() => writeMeta(local.db, chosenBefore, JSON.stringify(columns)))
      const { ids } = await guarded(() => local.db.connection().execute(async () => (onlyNeedingAttention ? search.pageNeedingAttention : search.page)(query, 1, everybody)))
      const name = await save('导出管理人员名册', `管理人员名册_${stamp()}.xlsx`, (path) => guarded(() => writeSheet(path, ids, columns, why)))
      return { name, rows: ids.length }
    },
  }
}
