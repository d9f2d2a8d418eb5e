import type { MessagePortMain } from 'electron'
import type { Frame, Transport } from '../../shared/wire/transport.ts'

/** Frames over one end of an Electron message channel. Starts the port when the first listener is there. */
export function createPortTransport(port: MessagePortMain): Transport {
  return {
    send: (frame: Frame) => port.postMessage(frame),
    onFrame: (listener) => {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}

/** A transport that can be used at once though its port arrives later; what is sent meanwhile waits. */
export function createLateTransport(): { transport: Transport; connect: (port: MessagePortMain) => void; end: () => void } {
  const waiting: Frame[] = []
  const frameListeners: ((frame: unknown) => void)[] = []
  const closeListeners: (() => void)[] = []
  let inner: Transport | undefined
  let ended = false
  const end = () => {
    if (ended) return
    ended = true
    inner?.close()
    for (const listener of closeListeners) listener()
  }
  return {
    end,
    connect: (port) => {
      if (ended) return port.close()
      inner = createPortTransport(port)
      inner.onClose(end)
      for (const frame of waiting.splice(0)) inner.send(frame)
      inner.onFrame((frame) => {
        for (const listener of frameListeners) listener(frame)
      })
    },
    transport: {
      send: (frame) => {
        if (ended) return
        if (inner) inner.send(frame)
        else waiting.push(frame)
      },
      onFrame: (listener) => void frameListeners.push(listener),
      onClose: (listener) => void closeListeners.push(listener),
      close: end,
    },
  }
}
