import type { Dictionary } from './dictionary.ts'

/** Code of 调动: what a release at another unit's request is. */
export const leaveForAnotherUnit = '5'
/** Code of 其他, which has to be explained. */
export const leaveForOther = '9'

export const leaveReason: Dictionary = {
  title: '离职原因',
  source: 'No standard found: our own list.',
  entries: [
    { code: '1', label: '辞职', gb: null, mohurd: null },
    { code: '2', label: '合同到期', gb: null, mohurd: null },
    { code: '3', label: '解除劳动合同', gb: null, mohurd: null },
    { code: '4', label: '退休', gb: null, mohurd: null },
    { code: leaveForAnotherUnit, label: '调动', gb: null, mohurd: null },
    { code: leaveForOther, label: '其他', gb: null, mohurd: null },
  ],
}
