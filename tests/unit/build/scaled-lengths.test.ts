import { describe, expect, it } from 'vitest'
import { inRem, scaledLengths } from '../../../build/scaled-lengths.ts'

describe('a length of a style sheet', () => {
  it.each([
    ['16px', '1rem'],
    ['13px', '0.8125rem'],
    ['7px 5px', '0.4375rem 0.3125rem'],
    ['0 -8px auto', '0 -0.5rem auto'],
    ['calc(100vh - 500px)', 'calc(100vh - 31.25rem)'],
    ['14px/1.6 var(--el-font-family)', '0.875rem/1.6 var(--el-font-family)'],
    ['1.5px', '0.09375rem'],
  ])('%s is %s, so that it grows with the text', (written, built) => {
    expect(inRem(written)).toBe(built)
  })

  it.each(['1px solid', '0px', '.5px', '50%', 'url("a16px.svg")', 'var(--step-16px)', '#16px00'])('%s stays as it is', (written) => {
    expect(inRem(written)).toBe(written)
  })

  it('is at 标准 exactly what was written', () => {
    for (let pixels = 2; pixels <= 1_000; pixels++) expect(Number.parseFloat(inRem(`${pixels}px`)) * 16).toBe(pixels)
  })

  it('is scaled in declarations and container queries, and in no others', () => {
    const declaration = { value: '32px' }
    const rule = { params: 'page (width < 1150px)' }
    scaledLengths.OnceExit({ walkDecls: (visit) => visit(declaration), walkAtRules: (name, visit) => void (name === 'container' && visit(rule)) })
    expect([declaration.value, rule.params]).toEqual(['2rem', 'page (width < 71.875rem)'])
  })
})
