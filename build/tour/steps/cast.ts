import { demoRoster } from '../../demo/roster.ts'
import { demoUnits } from '../../demo/units.ts'
import { inventedIdCardNo } from './clerk.ts'

/** Who the tour is about. */

export const company = nameOf('contractor')
export const otherCompany = nameOf('implementer')

/** Registered offline in the course of the tour. */
export const newManager = { name: '方晓岚', mobile: '13900001234', idCardNo: inventedIdCardNo('19860521', '902') } as const

/** Being typed when the workstation is killed. */
export const interrupted = { name: '罗建平', idCardNo: inventedIdCardNo('19810914', '905') } as const

/** Of the demo roster; two clerks change their 职务 at once. */
export const contested = { name: '张小龙', before: '机械员', mine: '施工员', theirs: '质量员' } as const

/** Of the demo roster; another unit asks for them. */
export const settled = { name: '许建平', idCardNo: demoRoster().find(({ values }) => values.name === '许建平')?.values.idCardNo ?? '' } as const

/** Of the demo roster; waits for a review. */
export const toBeReviewed = '曹卫国'

function nameOf(key: 'contractor' | 'implementer'): string {
  return demoUnits.find((unit) => unit.key === key)?.name ?? ''
}
