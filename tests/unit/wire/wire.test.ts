import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'
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
        return { more: 'than promised' }
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
    expect(error).toMatchObject({ code: 'call-invalid', details: { method: 'clock.add' } })
    for (const field of error.details.fields as string[]) expect(['', 'a', 'b', 'c']).toContain(field)
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

describe('a channel that fails under a call', () => {
  it('fails that call at once and leaves nothing waiting', async () => {
    const overran: string[] = []
    const broken: Transport = { send: () => raise(new Error('channel gone')), onFrame: () => undefined, onClose: () => undefined, close: () => undefined }
    const client = createClient(contract, broken, { deadline: () => 10, onOverrun: (name) => void overran.push(name) })
    await expect(client.call.clock.add({ a: 1, b: 1 })).rejects.toThrow('channel gone')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(overran).toEqual([])
  })

  it('under its reply is reported on the answering side and ends nothing', async () => {
    const reported: unknown[] = []
    const listeners: ((frame: unknown) => void)[] = []
    const sent = Promise.withResolvers<undefined>()
    const transport: Transport = { send: () => raise(new Error('channel gone')), onFrame: (listener) => void listeners.push(listener), onClose: () => undefined, close: () => undefined }
    const services = { clock: { add: () => ({ sum: 0 }), fail: () => ({}) } }
    createDispatcher(contract, services, (error, name) => sent.resolve(void reported.push([name, error]))).attach(transport)
    for (const listener of listeners) listener({ kind: 'call', id: 1, method: 'clock.add', input: { a: 1, b: 1 } })
    await sent.promise
    expect(reported).toEqual([['clock.add', new Error('channel gone')]])
  })
})

function raise(error: Error): never {
  throw error
}

describe('events', () => {
  it('reach every listener until it leaves', async () => {
    const { client, dispatcher } = connect()
    const heard: number[] = []
    const leave = client.on('clock', 'struck', ({ hour }) => void heard.push(hour))
    dispatcher.emit('clock', 'struck', { hour: 3 })
    await client.call.clock.add({ a: 1, b: 1 })
    leave()
    dispatcher.emit('clock', 'struck', { hour: 4 })
    // Frames keep their order: once this reply is here, the event before it was.
    await client.call.clock.add({ a: 1, b: 1 })
    expect(heard).toEqual([3])
  })

  it('that break the contract, or are none of it, are never sent', () => {
    const { dispatcher } = connect()
    expect(() => dispatcher.emit('clock', 'struck', { hour: '3' } as unknown as { hour: number })).toThrow()
    expect(() => dispatcher.emit('clock', 'chimed' as 'struck', { hour: 3 })).toThrow('no event clock.chimed')
  })

  it('reach every attached page and no closed one', async () => {
    const { client, dispatcher, page } = connect()
    const [host, secondPage] = createTransportPair()
    dispatcher.attach(host)
    const second = createClient(contract, secondPage)
    const heard: string[] = []
    client.on('clock', 'struck', ({ hour }) => void heard.push(`first ${hour}`))
    second.on('clock', 'struck', ({ hour }) => void heard.push(`second ${hour}`))
    dispatcher.emit('clock', 'struck', { hour: 1 })
    await second.call.clock.add({ a: 1, b: 1 })
    page.close()
    dispatcher.emit('clock', 'struck', { hour: 2 })
    await second.call.clock.add({ a: 1, b: 1 })
    expect(heard).toEqual(['first 1', 'second 1', 'second 2'])
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
