import { describe, expect, it, vi } from 'vitest'
import type { MessagePortMain } from 'electron'
import { createLateTransport, createPortTransport } from '../../../electron/desktop/port-transport.ts'
import { MessageChannelMain } from '../../support/fake-electron.ts'

function channel(): [MessagePortMain, MessagePortMain] {
  const { port1, port2 } = new MessageChannelMain()
  return [port1, port2] as unknown as [MessagePortMain, MessagePortMain]
}
const frame = (id: number) => ({ kind: 'call' as const, id, method: 'caKey.list', input: {} })

describe('a transport whose port arrives later', () => {
  it('keeps what was sent meanwhile, in order, and then carries both ways', async () => {
    const [near, far] = channel()
    const late = createLateTransport()
    const received: unknown[] = []
    const answers: unknown[] = []
    late.transport.onFrame((answer) => answers.push(answer))
    late.transport.send(frame(1))
    late.transport.send(frame(2))
    const other = createPortTransport(far)
    other.onFrame((sent) => received.push(sent))
    late.connect(near)
    late.transport.send(frame(3))
    other.send({ kind: 'reply', id: 1, reply: { ok: true, value: 1 } })
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    await vi.waitFor(() => expect(received).toEqual([frame(1), frame(2), frame(3)]))
    late.end()
  })

  it('says once that it has ended, also when the port never came', () => {
    const late = createLateTransport()
    const closed = vi.fn()
    late.transport.onClose(closed)
    late.end()
    late.transport.close()
    expect(closed).toHaveBeenCalledOnce()
  })
})
