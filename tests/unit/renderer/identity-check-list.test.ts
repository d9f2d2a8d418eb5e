import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import IdentityCheckList from '../../../renderer/components/review/identity-check-list.vue'
import type { IdentityCheckResource } from '../../../shared/api/identity-checks.ts'

const face = { outcome: 'matched', decisionReason: null, template: 'not-sent', picture: 'not-sent', consentWithdrawn: false } as const
const check: IdentityCheckResource = {
  id: 'c1', method: 'face', result: 'passed', score: 0.83, at: '2026-11-30T01:00:00.000Z', by: '张敏', secondAt: null, secondBy: null, picturesReplaced: false, face,
}
const shown = (checks: IdentityCheckResource[], facePicture: string | null = null) => mount(IdentityCheckList, { props: { checks, facePicture } })

describe('身份核验 as a reviewer sees it', () => {
  it('says in words why there is no picture, of the newest face check alone', () => {
    const list = shown([{ ...check, id: 'c2' }, check])
    expect(list.findAll('.without').map((note) => note.text())).toEqual(['没有传送人脸照片：按项目设置与本人意愿，人脸数据只保存在登记单位的电脑上'])
    expect(list.find('img').exists()).toBe(false)
    expect(list.text()).toContain('相似度 83%')
  })

  it.each([
    ['it went with the consent', { ...face, picture: 'deleted', consentWithdrawn: true }, '人脸照片已删除：本人已撤回同意'],
    ['its time was over', { ...face, picture: 'deleted' }, '人脸照片已删除：审核通过、退场或重新采集后不再保存'],
    ['it is not for who looks here', { ...face, picture: 'kept' }, '人脸照片已传送，待审核时由审核人查看'],
    ['the attendance system did it', null, '没有传送人脸照片：由考勤系统识别'],
  ] as const)('and that %s', (_why, of, words) => {
    expect(shown([{ ...check, face: of }]).find('.without').text()).toBe(words)
  })

  it('shows the picture that was sent, and says who decided and why', () => {
    const list = shown([{ ...check, face: { ...face, outcome: 'decided-by-clerk', decisionReason: '证件照片年久', picture: 'kept' } }], '/9j/4AAQ')
    expect(list.find('img').attributes()).toMatchObject({ src: 'data:image/jpeg;base64,/9j/4AAQ', alt: '核验时采集的人脸照片' })
    expect(list.find('.without').exists()).toBe(false)
    expect(list.text()).toContain('经办人判定')
    expect(list.text()).toContain('判定理由：证件照片年久')
  })

  it('says that nothing was compared with the document, where the clerk alone has decided', () => {
    const words = '没有与身份证照片比对'
    expect(shown([{ ...check, score: null, face: { ...face, outcome: 'decided-by-clerk', decisionReason: '已对照原件' } }]).text()).toContain(words)
    expect(shown([check]).text()).not.toContain(words)
    expect(shown([{ ...check, score: null, face: null }]).text()).not.toContain(words)
  })

  it('of 非人脸核验 says nothing of pictures of a face', () => {
    expect(shown([{ ...check, method: 'non-face', score: null, face: null }]).find('.without').exists()).toBe(false)
  })
})
