import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { bridgeContract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { errorCodes, errorTable } from '../../../shared/errors/codes.ts'
import { createClient } from '../../../shared/wire/client.ts'
import { method, type Services } from '../../../shared/wire/contract.ts'
import { createDispatcher } from '../../../shared/wire/dispatcher.ts'
import { createTransportPair, type Transport } from '../../../shared/wire/transport.ts'

const contract = {
  clock: {
    methods: {
      add: method(v.strictObject({ a: v.number(), b: v.number() }), v.strictObject({ sum: v.number() })),
      fail: method(v.strictObject({ how: v.picklist(['foreseen', 'crash', 'wrong-answer', 'never']) }), v.strictObject({})),
    },
    events: { struck: v.strictObject({ hour: v.number() }) },
  },
} as const

function connect(options: Parameters<typeof createClient>[2] = {}) {
  const reported: unknown[] = []
  const services: Services<typeof contract> = {
    clock: {
      add: ({ a, b }) => ({ sum: a + b }),
      fail: ({ how }) => {
        if (how === 'foreseen') throw new AppError('key-pin-length', { min: 6, max: 16 })
        if (how === 'crash') throw new Error('310101199003071234 leaked')
        if (how === 'never') return new Promise<never>(() => undefined)
        return { more: 'than promised' } as unknown as Record<string, never>
      },
    },
  }
  const dispatcher = createDispatcher(contract, services, (error) => void reported.push(error))
  const [host, page] = createTransportPair()
  dispatcher.attach(host)
  return { client: createClient(contract, page, options), dispatcher, page, reported }
}

async function failure(attempt: Promise<unknown>): Promise<AppError> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('expected a failure')
}

describe('a call over the bridge', () => {
  it('reaches its service and comes back typed', async () => {
    expect(await connect().client.call.clock.add({ a: 2, b: 3 })).toEqual({ sum: 5 })
  })

  it.each([[{ a: '2', b: 3 }], [{ a: 2 }], [{ a: 2, b: 3, c: 4 }], [null], [[]]])('refuses %j by naming fields, never values', async (input) => {
    const error = await failure(connect().client.call.clock.add(input as { a: number; b: number }))
    expect(error.code).toBe('call-invalid')
  })

  it.each(['clock.missing', 'missing.add', '__proto__.add', 'clock.__proto__', 'clock.constructor', 'clock', '', 'clock.add.more'])(
    'knows no call %j',
    async (name) => {
      const reply = await connect().dispatcher.dispatch(name, { a: 1, b: 2 })
      expect(reply).toMatchObject({ ok: false, error: { code: 'call-unknown' } })
    },
  )

  it('brings a foreseen failure across with its code, its details and its sentence', async () => {
    const error = await failure(connect().client.call.clock.fail({ how: 'foreseen' }))
    expect(error).toMatchObject({ code: 'key-pin-length', retriable: false, details: { min: 6, max: 16 } })
    expect(error.sentence).toBe('口令长度不符，应为6至16位。')
  })

  it('tells nothing of an unforeseen failure but reports it on its own side', async () => {
    const { client, reported } = connect()
    const error = await failure(client.call.clock.fail({ how: 'crash' }))
    expect(error.toWire()).toEqual({ code: 'internal', retriable: false, details: {} })
    expect(reported).toHaveLength(1)
  })

  it('never lets an answer out that breaks the contract', async () => {
    expect((await failure(connect().client.call.clock.fail({ how: 'wrong-answer' }))).code).toBe('internal')
  })

  it('ends at its deadline and says which call overran', async () => {
    const overran: string[] = []
    const { client } = connect({ deadline: () => 20, onOverrun: (name) => void overran.push(name) })
    expect((await failure(client.call.clock.fail({ how: 'never' }))).code).toBe('call-timeout')
    expect(overran).toEqual(['clock.fail'])
  })

  it('ends when the other side is gone, before and after it was made', async () => {
    const { client, page } = connect()
    const pending = failure(client.call.clock.fail({ how: 'never' }))
    page.close()
    expect((await pending).code).toBe('call-closed')
    expect((await failure(client.call.clock.add({ a: 1, b: 1 }))).code).toBe('call-closed')
  })
})

describe('events', () => {
  it('reach every listener until it leaves', async () => {
    const { client, dispatcher } = connect()
    const heard: number[] = []
    const leave = client.on('clock', 'struck', ({ hour }) => void heard.push(hour))
    dispatcher.emit('clock', 'struck', { hour: 3 })
    await Promise.resolve().then(() => undefined)
    leave()
    dispatcher.emit('clock', 'struck', { hour: 4 })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(heard).toEqual([3])
  })
})

describe('a frame that is no frame', () => {
  it.each([['text'], [null], [{ kind: 'call' }], [{ kind: 'call', id: 1.5, method: 'clock.add', input: {} }], [{ kind: 'reply', id: 1, reply: {} }]])(
    'closes the connection: %j',
    async (frame) => {
      let closed = false
      const listeners: ((frame: unknown) => void)[] = []
      const transport: Transport = {
        send: () => undefined,
        onFrame: (listener) => void listeners.push(listener),
        onClose: () => undefined,
        close: () => void (closed = true),
      }
      createDispatcher(contract, { clock: { add: () => ({ sum: 0 }), fail: () => ({}) } }, () => undefined).attach(transport)
      for (const listener of listeners) listener(frame)
      expect(closed).toBe(true)
    },
  )
})

describe('the closed list of errors', () => {
  it('has for every code a Chinese sentence that ends as a sentence', () => {
    for (const code of errorCodes) expect(errorTable[code].sentence, code).toMatch(/^[^a-z]*[\u4e00-\u9fff].*。$/s)
  })

  it('knows every code a call of the bridge may answer with', () => {
    for (const group of Object.values(bridgeContract)) {
      for (const spec of Object.values(group.methods)) for (const code of spec.errors) expect(errorCodes).toContain(code)
    }
  })

  it('turns a code it does not know into `internal`, whatever the other side sent', () => {
    for (const wire of [undefined, null, 'x', {}, { code: 'made-up' }, { code: 'toString' }]) expect(AppError.fromWire(wire).code).toBe('internal')
  })
})
