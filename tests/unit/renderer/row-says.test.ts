import { describe, expect, it } from 'vitest'
import { cureLabels, rowSays } from '../../../renderer/pages/project-people/row-says.ts'
import type { BindingRow } from '../../../shared/contract/bindings.contract.ts'
import { submissionBlocks, type SubmissionBlock } from '../../../shared/domain/binding.ts'

const row: BindingRow = {
  id: '018f0000-0000-7000-8000-000000000001', personType: 'worker', recordId: '018f0000-0000-7000-8000-000000000002', name: '测试', maskedIdCardNo: '310***********9016', post: '木工', team: null,
  identityCheck: 'face', status: 'unsubmitted', ending: null, reviewComment: null, block: null, waitsFor: null, syncState: 'uploaded', refusal: null,
}

describe('what a row of a project says', () => {
  it('names for each block why, and for all but the end of a project a cure; for the identity check the way without a face as well', () => {
    const counts: Partial<Record<SubmissionBlock, number>> = { 'project-closed': 0, 'identity-check-missing': 2 }
    for (const block of submissionBlocks) {
      const { text, cures } = rowSays({ ...row, block })
      expect(text).toMatch(/。$/)
      expect(cures.map((cure) => cureLabels[cure])).toHaveLength(counts[block] ?? 1)
    }
  })

  it('says the most pressing first: what was refused, the form that waits, the reviewer’s words, the block', () => {
    const blocked: BindingRow = { ...row, block: 'identity-check-missing' }
    const returned: BindingRow = { ...blocked, status: 'refused', reviewComment: '照片不清晰。' }
    expect(rowSays(returned)).toMatchObject({ text: '审核意见：照片不清晰。', cures: ['correct', 'resubmit'] })
    expect(rowSays({ ...returned, waitsFor: 'form' }).cures).toEqual(['continue'])
    const refusal = { what: 'submit-binding', code: 'binding-blocked', details: { block: 'licence-expired' } } as const
    expect(rowSays({ ...returned, refusal })).toMatchObject({ text: '提交没有成功：该人员的执业证书已过有效期，请先更新证书。', cures: ['retry', 'dismiss'] })
    expect(rowSays(blocked).cures).toEqual(['face', 'check'])
    expect(rowSays({ ...row, waitsFor: 'registration' }).text).toBe('登记正在等待上传，上传后自动继续。')
    expect(rowSays(row).text).toBe('可以提交')
    expect(rowSays({ ...row, status: 'approved' }).text).toBe('')
  })
})
