import { describe, expect, it } from 'vitest'
import { emptyPersonValues } from '../../../shared/domain/person-fields.ts'
import { tidyValues } from '../../../shared/domain/tidy-values.ts'

const tidied = (changes: Partial<ReturnType<typeof emptyPersonValues>>) => tidyValues({ ...emptyPersonValues(), ...changes })

describe('a form that is saved', () => {
  it('has no blanks around a text', () => {
    expect(tidied({ name: ' 王芳　', residenceDetail: '示例路 7号 ' })).toMatchObject({ name: '王芳', residenceDetail: '示例路 7号' })
  })

  it('has a blank where a cell of a spreadsheet had a tab or a line break', () => {
    expect(tidied({ residenceDetail: '示例路7号\t2室\r\n后门' }).residenceDetail).toBe('示例路7号 2室 后门')
  })

  it('has no marks that nobody sees', () => {
    expect(tidied({ name: '\ufeff王\u200b芳', jobPosition: '\u202e施工员' })).toMatchObject({ name: '王芳', jobPosition: '施工员' })
  })

  it('has the ID number and the mobile number in their one spelling', () => {
    expect(tidied({ idCardNo: '110105-19491231-002x', mobile: '+86 139 0000 1234' })).toMatchObject({ idCardNo: '11010519491231002X', mobile: '13900001234' })
  })
})
