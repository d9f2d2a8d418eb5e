import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// What an upload is held against: Node's own server, which pours a body into a file, waits for the disk and gives it its name. No
// session, no check of what came, nothing sealed or hashed, nothing to go on from. Program: plain-put.ts FOLDER, which prints its address.

const folder = process.argv[2] ?? ''

const server = createServer((request, response) => {
  const path = join(folder, randomUUID())
  void (async () => {
    await pipeline(request, createWriteStream(`${path}.part`))
    const file = await open(`${path}.part`, 'r')
    await file.datasync()
    await file.close()
    await rename(`${path}.part`, path)
    response.writeHead(204).end()
  })()
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })))
process.on('SIGTERM', () => process.exit(0))
