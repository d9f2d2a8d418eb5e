import { describe, expect, it } from 'vitest'
import { demoPassword, demoUnits } from '../../../build/demo/units.ts'
import { newPasswordProblem, newPasswordProblems, passwordLength } from '../../../shared/domain/password.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

const problem = (password: string, username = 'wangxm') => newPasswordProblem(password, username)

describe('a new password', () => {
  it.each(['gulou-7-beiji', '我的密码是修缮2026', 'correct horse', 'x1'.repeat(3) + 'y9-', '12345679-a', 'aaaabbbbcc', '😀'.repeat(3) + 'abcde'])('%s is taken', (password) => {
    expect(problem(password)).toBe(undefined)
  })

  it('of the demo is taken for each of its accounts', () => {
    for (const { accounts } of demoUnits) for (const { username } of accounts) expect(problem(demoPassword, username)).toBe(undefined)
  })

  it.each([
    ['        ', 'password-blank-ends'],
    ['  ', 'password-blank-ends'],
    [' gulou-7-beiji', 'password-blank-ends'],
    ['gulou-7-beiji ', 'password-blank-ends'],
    ['gulou-7-beiji\u3000', 'password-blank-ends'],
    ['gulou-7', 'password-too-short'],
    ['', 'password-too-short'],
    [`${'gulou-7-beiji'.repeat(16)}`, 'password-too-long'],
    ['aaaaaaaa', 'password-repeats'],
    ['啊啊啊啊啊啊啊啊', 'password-repeats'],
    ['ＡaAaaＡaa', 'password-repeats'],
    ['12341234', 'password-repeats'],
    ['😀😀😀😀', 'password-repeats'],
    ['12345678', 'password-runs'],
    ['1234567890', 'password-runs'],
    ['87654321', 'password-runs'],
    ['abcdefgh', 'password-runs'],
    ['HGFEDCBA', 'password-runs'],
    ['qwertyui', 'password-runs'],
    ['qwertyuiop', 'password-runs'],
    ['1qaz2wsx', 'password-runs'],
    ['１２３４５６７８', 'password-runs'],
    ['Password123', 'password-common'],
    ['p@ssw0rd', 'password-common'],
    ['A12345678', 'password-common'],
  ] as const)('"%s" is refused: %s', (password, code) => {
    expect(problem(password)).toBe(code)
  })

  it.each([
    ['wangxiaoming', 'wangxiaoming'],
    ['WangXiaoMing', 'wangxiaoming'],
    ['wangxm123', 'wangxm'],
    ['2026-ＷＡＮＧＸＭ', 'wangxm'],
    ['xiaoming', 'wangxiaoming'],
    ['ab-cd-ef', 'AB-CD-EF '],
  ])('"%s" is refused for the user name "%s"', (password, username) => {
    expect(problem(password, username)).toBe('password-has-username')
  })

  it('may hold a user name of two letters, and is never held against an empty one', () => {
    expect([problem('gulou-li-7', 'li'), problem('gulou-7-beiji', '')]).toEqual([undefined, undefined])
  })

  it('is refused in a sentence of its own that says what to do', () => {
    const sentences = newPasswordProblems.map((code) => new AppError(code, passwordLength).sentence)
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^新密码.*(请|应为).*。$/)
  })
})
