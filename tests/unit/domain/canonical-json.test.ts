import { expect, it } from 'vitest'
import { canonicalJson } from '../../../shared/domain/canonical-json.ts'

it('one value has one text, in whatever order its members came', () => {
  const there = canonicalJson([{ b: [1, { y: null, x: '王·"五"' }], a: true }])
  expect(there).toBe('[{"a":true,"b":[1,{"x":"王·\\"五\\"","y":null}]}]')
  expect(canonicalJson([{ a: true, b: [1, { x: '王·"五"', y: null }] }])).toBe(there)
})

it('the order of a list is part of the value, and so is every member', () => {
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
  expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }))
  expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: '1', b: '' }))
})

it('a member that was left out is not there', () => {
  expect(canonicalJson({ a: 1, b: undefined })).toBe('{"a":1}')
})
