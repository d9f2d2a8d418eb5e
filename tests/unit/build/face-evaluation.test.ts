import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detPlot } from '../../../build/face/det-plot.ts'
import { errorRates, pairsFor, type Compared } from '../../../build/face/error-rates.ts'
import { distancesCsv, evaluate, report, type Descriptors } from '../../../build/face/evaluation.ts'
import { parsePairs, picturesOf } from '../../../build/face/pairs.ts'

const pair = (same: boolean, distance: number): Compared => ({ a: 'a.jpg', b: 'b.jpg', same, distance })
const genuine = [0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.8].map((distance) => pair(true, distance))
const impostor = [0.5, 0.62, 0.7, 0.75, 0.8, 0.82, 0.85, 0.9, 0.95, 1].map((distance) => pair(false, distance))

describe('error rates', () => {
  const rates = errorRates([...genuine, ...impostor])

  it('count what a threshold gets wrong of each kind', () => {
    expect(rates.at(0.5)).toEqual({ threshold: 0.5, falseMatch: 0.1, falseNonMatch: 0.4 })
    expect(rates.at(0)).toMatchObject({ falseMatch: 0, falseNonMatch: 1 })
    expect(rates.at(2)).toMatchObject({ falseMatch: 1, falseNonMatch: 0 })
  })

  it('are alike at the equal-error threshold', () => {
    expect(rates.equalError.rate).toBeCloseTo(0.2)
    expect(rates.at(rates.equalError.threshold).falseMatch).toBeCloseTo(0.2)
  })

  it('give the highest threshold within a false-match rate', () => {
    expect(rates.atFalseMatch(0.1)).toMatchObject({ falseMatch: 0.1, falseNonMatch: expect.closeTo(0.2) as number })
    expect(rates.atFalseMatch(0.001)).toMatchObject({ falseMatch: 0, falseNonMatch: expect.closeTo(0.5) as number })
  })

  it('never exceed the limit they were asked for, whatever the pairs', () => {
    const distances = fc.array(fc.double({ min: 0, max: 1.5, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(distances, distances, fc.constantFrom(0.5, 0.1, 0.01), (own, others, limit) => {
        const found = errorRates([...own.map((each) => pair(true, each)), ...others.map((each) => pair(false, each))]).atFalseMatch(limit)
        expect(found.falseMatch).toBeLessThanOrEqual(limit + 1e-9)
      }),
    )
  })

  it('say how many pairs a claim takes', () => {
    expect(pairsFor(1e-3)).toBe(3000)
    expect(() => errorRates(genuine)).toThrow('different people')
  })
})

describe('a pairs file', () => {
  it('is read as a spreadsheet writes it', () => {
    expect(parsePairs('\uFEFFsame,a,b,note\r\n1,"Wang, 1.jpg",w2.jpg,x\r\n\r\n否,w1.jpg,l1.jpg,\r\n')).toEqual([
      { a: 'Wang, 1.jpg', b: 'w2.jpg', same: true },
      { a: 'w1.jpg', b: 'l1.jpg', same: false },
    ])
    expect(picturesOf(parsePairs('a,b,same\nx,y,1\nx,z,0'))).toEqual(['x', 'y', 'z'])
  })

  it('that is wrong is told the line and what it should say', () => {
    expect(() => parsePairs('a,b\nx,y')).toThrow('缺少 same')
    expect(() => parsePairs('a,b,same\nx,y,1\nx,,0')).toThrow('第 3 行缺少图片路径')
    expect(() => parsePairs('a,b,same\nx,y,maybe')).toThrow('第 2 行的 same')
    expect(() => parsePairs('a,b,same\nx,y,1')).toThrow('没有不同人的图片对')
  })
})

describe('an evaluation', () => {
  const at = (place: number) => [place, ...Array<number>(127).fill(0)]
  const descriptors: Descriptors = new Map<string, number[] | null>([['w1', at(0)], ['w2', at(0.3)], ['l1', at(1)], ['dark', null]])
  const pairs = parsePairs('a,b,same\nw1,w2,1\nw1,l1,0\nw2,l1,0\nw1,dark,1')

  it('leaves out pictures without a face and counts them', () => {
    const found = evaluate('ours', pairs, descriptors)
    expect(found.notDetected).toEqual(['dark'])
    expect(found.compared).toHaveLength(3)
    expect(report([found]).join('\n')).toMatch(/1 \/ 4 \(25\.00 %\)[\s\S]*EER\s+0\.00 %[\s\S]*至少需要 3000 对/)
  })

  it('lists first what surprises most', () => {
    expect(distancesCsv([evaluate('ours', pairs, descriptors)]).split('\n')[1]).toBe('ours,w2,l1,0,0.7000')
  })

  it('is drawn on a normal-deviate scale', () => {
    const rates = errorRates([...genuine, ...impostor])
    const svg = detPlot('评测 <1>', [{ name: 'ours', curve: rates.curve, marked: [rates.at(0.5)] }])
    expect(svg).toContain('评测 &lt;1&gt;')
    const places = [...svg.matchAll(/M([\d.]+) 74v540/g)].map(([, place]) => Number(place))
    const [one = 0, two = 0, twenty = 0, forty = 0] = [3, 4, 7, 8].map((index) => places[index] ?? NaN)
    // On a plain scale it were twenty times as far.
    expect((forty - twenty) / (two - one)).toBeCloseTo(2.2, 1)
    expect(svg).not.toContain('NaN')
  })
})
