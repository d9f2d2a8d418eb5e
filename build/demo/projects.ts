import { applyDelivery } from '../../central/modules/approval-feed/apply-record.ts'
import { linkProject } from '../../central/modules/projects/projects.service.ts'
import { inTransaction } from '../../central/database/transaction.ts'
import type { ServiceContext, Who } from '../../central/service-context.ts'
import { demoRoster, inventedIdCardNo } from './roster.ts'
import { demoUnits, type DemoUnit } from './units.ts'

/** 报建编号 · 项目名称 · 中标价(万元) · 面积 · 开工日期 · 竣工日期; all invented. */
const projects = `
2603HK0001 示例路100弄小区屋面及相关设施改造工程 1280.5 24600 2026-03-15 2026-12-20
2603HK0002 申安坊综合修缮及房屋成套改造工程 3620 51200 2026-04-01 2027-03-31
2602XH0014 2026年度徐汇区示例街道住宅修缮工程（第一标段）屋面、外墙、楼道公共部位及小区附属设施综合改造项目 5210.75 88400 2026-02-20 2026-12-31
2602XH0015 示例新村三街坊住宅修缮工程 980 15300 2026-03-01 2026-11-30
2601JA0007 静安示例大楼消防设施改造工程 412.3 9800 2026-05-10 2026-12-15
2601JA0011 示例里历史风貌住宅修缮工程 2150 6700 2026-06-01 2027-05-31
2604PT0003 普陀示例苑外墙及屋面修缮工程 1105 30200 2026-04-18 2026-12-18
2604PT0009 示例五村电梯加装及配套改造工程 760 4200 2026-07-01 2027-01-31
2605YP0021 杨浦示例公寓综合改造工程 2890 40100 2026-03-20 2027-02-28
2605YP0022 示例四村屋面及相关设施改造工程 835.6 17900 2026-05-06 2026-12-06
2606MH0005 闵行示例花园外立面修缮工程 1430 27700 2026-06-15 2027-01-15
2606MH0012 示例家园雨污分流改造工程 690 12500 2026-08-01 2026-12-31
2607BS0002 宝山示例公房修缮工程 2240 35800 2026-04-25 2027-01-25
2607BS0008 示例七村小区类居家住宅修缮工程 1875 33000 2026-05-20 2027-02-20
2608PD0016 浦东示例路200弄旧住房综合改造工程 4120 62300 2026-03-05 2027-04-30
2608PD0017 示例二村厨卫改造工程 1560 18400 2026-09-01 2027-06-30
2609CN0004 长宁示例坊外墙保温修缮工程 905 14100 2026-10-08 2027-03-08
`

/** Not in the contractor's list yet: 新增 finds them. */
export const demoUnlinkedProjectNos: readonly string[] = ['2608PD0017', '2609CN0004']

/** How many of the contractor's managers each project has filed, from the head of the roster on. */
const filedManagers = [9, 3, 4, 2, 3, 2, 4, 2, 5, 3, 2, 2, 4, 3, 6, 2, 3]

const codeOf = (key: DemoUnit['key']) => demoUnits.find((unit) => unit.key === key)?.creditCode ?? ''
const roster = demoRoster()
const managersOf = (key: DemoUnit['key']) => roster.filter(({ unit }) => unit === key)

/** Projects as the approval system would tell them, with whom the units filed for them, and the contractor's list of them. */
export async function addProjects(context: ServiceContext, clerks: ReadonlyMap<DemoUnit['key'], Who>): Promise<void> {
  for (const record of demoFeed()) {
    const outcome = await applyDelivery(context, 'file', record)
    if (outcome !== 'applied') throw new Error(`A record of the demonstration was ${outcome}: ${record.sourceId}`)
  }
  for (const [key, who] of clerks) {
    const own = await context.db.selectFrom('project as p').innerJoin('project_party as y', 'y.project_no', 'p.project_no').select(['p.id', 'p.project_no']).where('y.credit_code', '=', codeOf(key)).execute()
    for (const { id, project_no: no } of own) if (!demoUnlinkedProjectNos.includes(no)) await inTransaction(context.db, (trx) => linkProject(context, trx, who, id))
  }
}

function demoFeed() {
  return projects.trim().split('\n').flatMap((line, index) => {
    const [projectNo = '', name = '', bidPriceWan = '', area = '', startDate = '', completionDate = ''] = line.split(' ')
    const parties: DemoUnit['key'][] = index % 2 === 0 ? ['contractor', 'implementer', 'supervisor'] : ['contractor', 'implementer']
    const record = (kind: string, id: string, body: Readonly<Record<string, string>>) => ({ sourceId: `demo-${projectNo}-${id}`, kind, version: 1, body: { projectNo, ...body } })
    return [
      record('project', 'project', { name, implementerCreditCode: codeOf('implementer') }),
      ...parties.map((key) => record('party', key, { creditCode: codeOf(key), name: demoUnits.find((unit) => unit.key === key)?.name ?? '', kind: key })),
      record('contract-filing', 'filing', { creditCode: codeOf('contractor'), bidPriceWan, area, startDate, completionDate }),
      ...filed(index).map(({ creditCode, name: person, idCardNo, post }, order) => record('manager', `m${order}`, { creditCode, name: person, idCardNo, post })),
    ]
  })
}

interface Filed {
  readonly creditCode: string
  readonly name: string
  readonly idCardNo: string
  readonly post: string
}

/** On the first project also somebody who is registered nowhere, and somebody of the supervisor's whom the contractor has filed. */
function filed(index: number): Filed[] {
  const own = managersOf('contractor').slice(index % 5, (index % 5) + (filedManagers[index] ?? 2))
  const others = [...managersOf('implementer'), ...(index % 2 === 0 ? managersOf('supervisor').slice(0, 1) : [])]
  const toFiled = (creditCode: string) => ({ values }: (typeof roster)[number]): Filed => ({ creditCode, name: values.name, idCardNo: values.idCardNo, post: values.jobPosition })
  const elsewhere = managersOf('supervisor').slice(1).map(toFiled(codeOf('contractor')))
  const nowhere = { creditCode: codeOf('contractor'), name: '丁俊杰', idCardNo: inventedIdCardNo('310100', '1989-07-16', '1', 40), post: '质量员' }
  return [
    ...own.map(toFiled(codeOf('contractor'))),
    ...others.map((manager) => toFiled(codeOf(manager.unit))(manager)),
    ...(index === 0 ? [nowhere, ...elsewhere] : []),
  ]
}
