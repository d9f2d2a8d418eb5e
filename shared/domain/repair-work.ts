import type { PersonType } from './statuses.ts'

/**
 * 修缮工程工作经历 (manual 4.1, step three): the repair projects that a person has worked on. Nobody types it: its rows follow from
 * bindings to projects that were approved.
 */
export interface RepairWork {
  /** Of the binding. */
  readonly id: string
  readonly projectNo: string
  readonly projectName: string
  /** In 10,000 yuan, as the project has it; '' where it is not known. The same of `area`, in square metres. */
  readonly bidPriceWan: string
  readonly area: string
  /** The unit for which the person worked there. */
  readonly employerOrg: string
  readonly projectPost: string
  /** yyyy-MM-dd; '' where it is not known. */
  readonly startDate: string
  readonly completionDate: string
  /** 累计工时, hours by the records of attendance; '' where none are known. Of workers only. */
  readonly totalWorkHours: string
}

export const repairWorkHistoryLabel = '修缮工程工作经历'

type RepairWorkColumns = Readonly<Partial<Record<Exclude<keyof RepairWork, 'id'>, string>>>

/** Its columns in the manual's order: of a manager 4.1, of a worker 5.3. */
export const repairWorkColumns: Readonly<Record<PersonType, RepairWorkColumns>> = {
  manager: {
    projectNo: '项目编号',
    projectName: '项目名称',
    bidPriceWan: '中标价(万元)',
    area: '面积',
    employerOrg: '工作单位',
    projectPost: '项目岗位',
    startDate: '开工日期',
    completionDate: '竣工日期',
  },
  worker: {
    projectNo: '项目编号',
    projectName: '项目名称',
    bidPriceWan: '项目投资(万元)',
    employerOrg: '工作单位',
    projectPost: '项目岗位',
    startDate: '开工日期',
    completionDate: '竣工日期',
    totalWorkHours: '累计工时',
  },
}
