import { findRosterColumn, rosterColumnKeys } from './roster-columns.ts'

/** Columns of 导出 besides those of a roster: what the list shows and nobody types. */
export const shownColumns = ['age', 'employmentStatus', 'faceEnrolled', 'reviewStatus', 'syncState'] as const
export type ShownColumn = (typeof shownColumns)[number]

const labels: Readonly<Record<ShownColumn, string>> = { age: '年龄', employmentStatus: '状态', faceEnrolled: '是否人脸认证', reviewStatus: '审核状态', syncState: '上传状态' }

export const exportColumnKeys: readonly string[] = [...rosterColumnKeys, ...shownColumns]

export const isShownColumn = (key: string): key is ShownColumn => Object.hasOwn(labels, key)

export const exportHeader = (key: string): string => (isShownColumn(key) ? labels[key] : (findRosterColumn(key)?.label ?? key))

/** Where a clerk has chosen none yet: what the list shows. */
export const usualExportColumns: readonly string[] = [
  'name', 'sex', 'idCardNo', 'age', 'mobile', 'nativePlace', 'highestEducation', 'professionalTitle', 'employmentStatus', 'faceEnrolled', 'reviewStatus', 'syncState',
]
