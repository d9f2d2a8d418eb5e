import { pagePortGiven, pagePortWanted } from '../../shared/wire/page-port.ts'
import type { Transport } from '../../shared/wire/transport.ts'

/** Opens the page's end of the bridge: a message port of the desktop shell, or the browser shell's WebSocket. */
export function openPageTransport(): Promise<Transport> {
  return location.protocol === 'app:' ? openPort() : openWebSocket()
}

function openPort(): Promise<Transport> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const [port] = event.ports
      if (event.source !== window || event.data !== pagePortGiven || !port) return
      window.removeEventListener('message', receive)
      resolve(portTransport(port))
    }
    window.addEventListener('message', receive)
    window.postMessage(pagePortWanted, location.origin)
  })
}

function portTransport(port: MessagePort): Transport {
  const listeners: ((frame: unknown) => void)[] = []
  port.addEventListener('message', ({ data }) => {
    for (const listener of listeners) listener(data)
  })
  port.start()
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listener) => void listeners.push(listener),
    onClose: (listener) => port.addEventListener('close', () => listener()),
    close: () => port.close(),
  }
}

function openWebSocket(): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${location.host}/host`)
    socket.addEventListener('open', () => resolve(socketTransport(socket)), { once: true })
    socket.addEventListener('close', () => reject(new Error('the host is not there')), { once: true })
  })
}

function socketTransport(socket: WebSocket): Transport {
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame: (listener) => socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', () => listener()),
    close: () => socket.close(),
  }
}
