/** What a dispatcher and a client need of a channel: whole JSON frames, in order, both ways. */
export interface Transport {
  send(frame: Frame): void
  /** Frames are unverified until the receiving side has parsed them. */
  onFrame(listener: (frame: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

export type Reply =
  | { ok: true; value: unknown }
  | { ok: false; error: { code: string; retriable: boolean; details: Record<string, unknown> } }

export type Frame =
  | { kind: 'call'; id: number; method: string; input: unknown }
  | { kind: 'reply'; id: number; reply: Reply }
  | { kind: 'event'; name: string; data: unknown }

/** Two transports joined back to back, for tests and for a host that lives in the caller's own process. */
export function createTransportPair(): [Transport, Transport] {
  const ends = [createEnd(), createEnd()] as const
  const join = (own: ReturnType<typeof createEnd>, other: ReturnType<typeof createEnd>): Transport => ({
    // Through JSON, as the real transports do, so that nothing but plain data ever crosses.
    send: (frame) => {
      const copy: unknown = JSON.parse(JSON.stringify(frame))
      void Promise.resolve().then(() => other.deliver(copy))
    },
    onFrame: (listener) => void own.listeners.push(listener),
    onClose: (listener) => void own.closers.push(listener),
    close: () => {
      own.close()
      other.close()
    },
  })
  return [join(ends[0], ends[1]), join(ends[1], ends[0])]
}

function createEnd() {
  const listeners: ((frame: unknown) => void)[] = []
  const closers: (() => void)[] = []
  let closed = false
  return {
    listeners,
    closers,
    deliver: (frame: unknown) => {
      if (!closed) for (const listener of listeners) listener(frame)
    },
    close: () => {
      if (closed) return
      closed = true
      for (const closer of closers) closer()
    },
  }
}
