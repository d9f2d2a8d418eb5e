import { describe, expect, it } from 'vitest'
import { choose } from '../../../build/bench/choice.ts'
import { closingLine, factsOf, isMet, lineOf, tally, type Figure } from '../../../build/bench/figure.ts'
import { machineLine } from '../../../build/bench/machine.ts'

const signed: Figure = {
  name: 'key-sign/rsa-2048', value: 1.1312, unit: 'ms', peer: { name: 'bare C call', value: 0.6512 }, spread: [1.7012, 1.8149], bound: { unit: 'x', atMost: 2 },
}
const kept: Figure = { name: 'draft-save/kept-p95', value: 512.4, unit: 'ms', spread: [480, 900.6], bound: { unit: 'ms', atMost: 100 } }
const stated: Figure = { name: 'unit-file/size', value: 185.2, unit: 'MB' }

describe('a figure of npm run bench', () => {
  it('is one line: ours, the peer, the ratio with its spread, the bound', () => {
    expect(lineOf(signed)).toBe('key-sign/rsa-2048 1.13 ms | bare C call 0.651 ms | 1.74x (1.70 to 1.81) | <= 2x met')
  })

  it('without a peer carries the spread of its value and what its unit is bound to', () => {
    expect(lineOf(kept)).toBe('draft-save/kept-p95 512 ms (480 to 901) | - | - | <= 100 ms MISSED')
  })

  it('without a bound is only stated', () => {
    expect(lineOf(stated)).toBe('unit-file/size 185 MB | - | - | stated')
    expect(isMet(stated)).toBeUndefined()
  })

  it('with a peer may be bounded in its own unit all the same', () => {
    expect(isMet({ ...signed, bound: { unit: 'ms', atMost: 1.2 } })).toBe(true)
    expect(isMet({ ...signed, bound: { unit: 'ms', atMost: 1.1 } })).toBe(false)
  })

  it('is met at its bound, and not where a rate lies below it', () => {
    expect(isMet({ ...signed, value: 2, peer: { name: 'bare', value: 1 } })).toBe(true)
    expect(isMet({ ...signed, value: 2.001, peer: { name: 'bare', value: 1 } })).toBe(false)
    expect(isMet({ ...signed, value: 0.5, peer: { name: 'bare', value: 1 }, bound: { unit: 'x', atLeast: 0.6 } })).toBe(false)
  })

  it('is not met where a ratio is bounded and there is no peer', () => {
    expect(isMet({ ...kept, bound: { unit: 'x', atMost: 2 } })).toBe(false)
  })

  it('that nothing is here to measure with says so, and is neither met nor missed', () => {
    const absent: Figure = { name: 'face-accuracy/equal-error', value: NaN, unit: '', notMeasured: 'no images' }
    expect(lineOf(absent)).toBe('face-accuracy/equal-error not measured: no images')
    expect(factsOf(absent)).toMatchObject({ value: null, notMeasured: 'no images', met: null })
    expect(tally([absent], [])).toMatchObject({ bounded: 0, missed: [] })
  })

  it('says the same to a program', () => {
    expect(factsOf(signed)).toEqual({
      name: 'key-sign/rsa-2048', value: 1.1312, unit: 'ms', peer: { name: 'bare C call', value: 0.6512 }, ratio: 1.1312 / 0.6512,
      spread: { low: 1.7012, high: 1.8149 }, bound: { unit: 'x', atMost: 2 }, met: true,
    })
    expect(factsOf(stated)).toEqual({ name: 'unit-file/size', value: 185.2, unit: 'MB', peer: null, ratio: null, spread: null, bound: null, met: null })
  })
})

describe('a run of npm run bench', () => {
  it('ends with how many bounds are met and which are not', () => {
    expect(closingLine(tally([signed, kept, stated], ['window-lock']))).toBe(
      '1 of 2 bounds met, 3 figures; MISSED: draft-save/kept-p95; FAILED: window-lock',
    )
    expect(closingLine(tally([signed], []))).toBe('1 of 1 bounds met, 1 figures')
  })

  it('begins with what the machine is', () => {
    const machine = { cpu: 'A CPU', cores: 2, memoryGb: 24, kernel: 'Linux 6', loadAverage: [0.5, 1, 2.256], fdatasyncP50: 0.1312, node: '24.1.0', date: '2026-11-25T17:00:00.000Z' }
    expect(machineLine(machine)).toBe('A CPU, 2 cores, 24 GB, Linux 6, load average 0.50 1.00 2.26, fdatasync p50 0.131 ms, Node 24.1.0, 2026-11-25T17:00:00.000Z')
  })
})

describe('what npm run bench is asked for', () => {
  const programs = ['central-create', 'central-lists', 'key-faults', 'key-sign']

  it('is everything where nothing is named', () => {
    expect(choose(programs, [])).toEqual(programs.map((program) => ({ program })))
  })

  it('is one program, all that begin so, or one figure', () => {
    expect(choose(programs, ['key-sign'])).toEqual([{ program: 'key-sign' }])
    expect(choose(programs, ['central'])).toEqual([{ program: 'central-create' }, { program: 'central-lists' }])
    expect(choose(programs, ['key-sign/rsa-2048', 'key-sign/p-256'])).toEqual([{ program: 'key-sign', only: ['key-sign/rsa-2048', 'key-sign/p-256'] }])
    expect(choose(programs, ['key-sign/rsa-2048', 'key-sign'])).toEqual([{ program: 'key-sign' }])
  })

  it('is refused where there is no such thing', () => {
    expect(() => choose(programs, ['key-sing'])).toThrow('No such measurement: key-sing')
    expect(() => choose(programs, ['key/rsa-2048'])).toThrow('No such measurement: key/rsa-2048')
  })
})
