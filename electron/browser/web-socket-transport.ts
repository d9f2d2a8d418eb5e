import type { WebSocket } from 'ws'
import type { Transport } from '../../shared/wire/transport.ts'

/** Frames as JSON text over one WebSocket. What is not JSON closes it. */
export function createWebSocketTransport(socket: WebSocket): Transport {
  return {
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
    },
    onFrame: (listener) =>
      void socket.on('message', (data, isBinary) => {
        const frame = isBinary ? undefined : parseJson((data as Buffer).toString('utf8'))
        if (frame === undefined) socket.close(1007)
        else listener(frame)
      }),
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(1008),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
