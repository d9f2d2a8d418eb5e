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
}

export const repairWorkHistoryLabel = '修缮工程工作经历'

/** Its columns in the manual's order. */
export const repairWorkColumns: Readonly<Record<Exclude<keyof RepairWork, 'id'>, string>> = {
  projectNo: '项目编号',
  projectName: '项目名称',
  bidPriceWan: '中标价(万元)',
  area: '面积',
  employerOrg: '工作单位',
  projectPost: '项目岗位',
  startDate: '开工日期',
  completionDate: '竣工日期',
}
