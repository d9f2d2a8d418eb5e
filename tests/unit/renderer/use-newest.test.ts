import { describe, expect, it } from 'vitest'
import { useNewest } from '../../../renderer/components/use-task.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

describe('what a list asks for', () => {
  it('is not dropped while something else is still being asked, and only the newest says how it went', async () => {
    const { busy, failure, run } = useNewest()
    const asked: string[] = []
    let fail = (_error: AppError): void => undefined
    const first = run(() => {
      asked.push('待审核')
      return new Promise((_resolve, reject) => (fail = reject))
    })
    let answer = (): void => undefined
    const second = run(() => {
      asked.push('审核通过')
      return new Promise<void>((resolve) => (answer = resolve))
    })
    expect(asked).toEqual(['待审核', '审核通过'])
    fail(new AppError('not-found'))
    expect(await first).toBe(false)
    expect([busy.value, failure.value]).toEqual([true, null])
    answer()
    expect(await second).toBe(true)
    expect([busy.value, failure.value]).toEqual([false, null])
  })
})
