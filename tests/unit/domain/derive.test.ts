import { describe, expect, it } from 'vitest'
import { deriveFromIdCardNo, lockedFields } from '../../../shared/domain/derive.ts'

describe('what the ID number settles in the form', () => {
  it('is sex, birth date and its own spelling', () => {
    expect(deriveFromIdCardNo(' 11010519491231002x')).toEqual({ idCardNo: '11010519491231002X', sex: '2', birthDate: '1949-12-31' })
    expect([...lockedFields('11010519491231002X')].sort()).toEqual(['birthDate', 'idCardNo', 'sex'])
  })

  it('is its spelling alone for a number that tells no more', () => {
    expect(deriveFromIdCardNo('can310090030701')).toEqual({ idCardNo: 'CAN310090030701' })
    expect([...lockedFields('CAN310090030701')]).toEqual(['idCardNo'])
  })

  it('is nothing for a number that is wrong; what it will tell is not typed all the same', () => {
    for (const wrong of ['110105194912310021', '110105491231002', '1']) {
      expect(deriveFromIdCardNo(wrong)).toEqual({})
      expect([...lockedFields(wrong)].sort()).toEqual(['birthDate', 'sex'])
    }
  })

  it('is nothing where there is none: everything stays open', () => {
    expect(deriveFromIdCardNo('')).toEqual({})
    expect(lockedFields(' ').size).toBe(0)
  })
})
