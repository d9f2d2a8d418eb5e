import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { requirePeer } from './install-peers.ts'
import { PouchDB, type PouchConstructor } from './pouch.ts'

// express-pouchdb over leveldb, with the routes that replication needs and nothing else. PEER_DATA: its folder.
const folder = process.env.PEER_DATA ?? ''
const express = requirePeer('express') as () => RequestListener & { use(handler: RequestListener): void; listen(port: number, host: string, done: () => void): Server }
const pouchApp = requirePeer('express-pouchdb') as (pouch: PouchConstructor, options: Record<string, unknown>) => RequestListener

const app = express()
const paths = { configPath: join(folder, 'config.json'), logPath: join(folder, 'log.txt') }
app.use(pouchApp(PouchDB.defaults({ prefix: `${folder}/` }), { mode: 'minimumForPouchDB', ...paths }))
const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })))
