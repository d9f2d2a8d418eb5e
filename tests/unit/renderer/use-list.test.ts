import { expect, it } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'
import { useList } from '../../../renderer/components/use-list.ts'

it('a list that is asked for twice tells of the later question, whichever answer comes first', async () => {
  const { busy, failure, show } = useList()
  let refuse = (_error: Error): void => undefined
  const slow = show(new Promise<void>((_resolve, reject) => (refuse = reject)))
  await show(Promise.resolve())
  expect(busy.value).toBe(true)
  refuse(new AppError('central-needed'))
  await slow
  expect(busy.value).toBe(false)
  expect(failure.value).toBeNull()

  await show(Promise.reject(new AppError('central-needed')))
  expect(failure.value?.code).toBe('central-needed')
})
