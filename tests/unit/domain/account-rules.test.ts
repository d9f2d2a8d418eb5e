import { describe, expect, it } from 'vitest'
import { accountChangeRefusal, displayNameProblem, usernameProblem } from '../../../shared/domain/account-rules.ts'
import { contactProblem, contactProblems, tidyContact } from '../../../shared/domain/unit-contact.ts'

describe('what a 单位管理员 may do to an account', () => {
  const admin = { role: 'unit-admin', disabled: false, faceSignIn: 'off', isOwn: false, otherActiveAdmins: 1 } as const
  it.each([
    [{ role: 'clerk' }, admin, null],
    [{ disabled: true }, admin, null],
    [{ role: 'clerk' }, { ...admin, isOwn: true }, 'account-own'],
    [{ disabled: true }, { ...admin, isOwn: true }, 'account-own'],
    [{ displayName: '王建国' }, { ...admin, isOwn: true }, null],
    [{ role: 'clerk' }, { ...admin, otherActiveAdmins: 0 }, 'account-last-admin'],
    [{ disabled: true }, { ...admin, otherActiveAdmins: 0 }, 'account-last-admin'],
    // One that is disabled is no way in already.
    [{ role: 'clerk' }, { ...admin, disabled: true, otherActiveAdmins: 0 }, null],
    [{ disabled: true }, { ...admin, role: 'clerk', otherActiveAdmins: 0 }, null],
    [{ disabled: false }, { ...admin, disabled: true, isOwn: true }, null],
    [{ faceSignIn: 'required' }, admin, null],
    [{ faceSignIn: 'required' }, { ...admin, isOwn: true }, 'account-own'],
    [{ faceSignIn: 'off' }, { ...admin, faceSignIn: 'required', isOwn: true }, 'account-own'],
  ] as const)('%j of %j: %s', (change, account, refusal) => {
    expect(accountChangeRefusal(change, account)).toBe(refusal)
  })

  it.each([['', '请填写用户名。'], ['赵 新', '用户名中不能有空格，请去掉后再试。'], ['赵新', null], ['x'.repeat(65), '用户名最多64个字，现为65个字。']])('user name %j: %s', (text, problem) => {
    expect(usernameProblem(text)).toBe(problem)
  })
  it.each([['', '请填写姓名。'], ['赵3', '姓名中只能有文字和间隔号“·”，请核对。'], ['阿依古丽·买买提', null]])('name %j: %s', (text, problem) => {
    expect(displayNameProblem(text)).toBe(problem)
  })
})

describe('联系信息', () => {
  it.each([['021-62345678', null], ['13812345678', null], ['12345', '联系电话不正确，请填写11位手机号码，或带区号的固定电话，如021-62345678。'], ['', '请填写联系电话。']])('phone %j: %s', (text, problem) => {
    expect(contactProblem('contactPhone', text)).toBe(problem)
  })
  it('is kept in one spelling, and only what is given', () => {
    expect(tidyContact({ address: ' 某路１号 ', contactPhone: '138 1234 5678' })).toEqual({ address: '某路１号', contactPhone: '13812345678' })
    expect(contactProblems({ contactName: '王3', address: '某路1号' })).toEqual({ contactName: '联系人中只能有文字和间隔号“·”，请核对。' })
  })
})
