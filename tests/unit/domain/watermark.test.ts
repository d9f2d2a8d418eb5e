import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { watermarkSchema } from '../../../shared/contract/export-mark.ts'
import { onePixel } from '../../support/roster-files.ts'

// What the page hands over goes into a file that others open.
describe('a watermark', () => {
  it('is a PNG', () => {
    expect(v.is(watermarkSchema, onePixel)).toBe(true)
  })

  it.each([
    ['another kind of file', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')],
    ['no file at all', ''],
    ['text that only begins like one', `${onePixel.slice(0, 24)}\u0000"><script>`],
    ['larger than anybody draws one', onePixel.slice(0, 24) + 'A'.repeat(256 << 10)],
  ])('is not %s', (_what, bytes) => {
    expect(v.is(watermarkSchema, bytes)).toBe(false)
  })
})
