import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What a source answers a request with: bytes, or whatever it does to the response itself. */
export type Reply = (request: Buffer, response: ServerResponse, message: IncomingMessage) => Buffer | void | Promise<Buffer | void>

/** A place on this machine that is asked about revocation, which answers as a test wants. */
export async function startSource(reply: Reply) {
  const source = { url: '', reply, asked: 0, lastRequest: undefined as IncomingMessage | undefined, close: async () => {} }
  const server = createServer((message, response) => {
    source.asked++
    source.lastRequest = message
    void buffer(message).then(async (request) => {
      const answer = await source.reply(request, response, message)
      if (answer) response.end(answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  source.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  source.close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return source
}

export type Source = Awaited<ReturnType<typeof startSource>>
