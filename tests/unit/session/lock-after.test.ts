import { expect, it } from 'vitest'
import { lockAfterIn } from '../../../electron/browser/lock-after.ts'

it.each(['never', '', '0', '-1', 'Infinity', '241', '15 min'])('--lock-after %j does not start a workstation that never locks, or does nothing else', (text) => {
  expect(() => lockAfterIn(text)).toThrow(/^--lock-after takes minutes/)
})

it.each([['15', 15], ['0.2', 0.2], ['240', 240]])('--lock-after %s is taken as it is', (text, minutes) => {
  expect(lockAfterIn(text)).toBe(minutes)
})
