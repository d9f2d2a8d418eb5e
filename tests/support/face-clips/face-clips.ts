import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { transformWithOxc } from 'vite'
import type { ClipName } from './scenes.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const repository = fileURLToPath(new URL('../../../', import.meta.url))
const samples = join(repository, 'node_modules/@vladmandic/face-api/demo')
const cache = join(repository, 'node_modules/.cache/face-clips')

/** Shared out so that two cores are done at about the same time. */
const shares: readonly (readonly ClipName[])[] = [
  ['challenge', 'person-swap'],
  ['attack-film', 'attack-turned-photo', 'attack-bent-photo', 'attack-print', 'attack-screen', 'live', 'dark', 'overexposed', 'blurred', 'far', 'masked', 'other-person', 'two-faces', 'no-face', 'black'],
]

export const clipNames: readonly ClipName[] = shares.flat()
export type { ClipName }

/**
 * The clips for Chromium's fake webcam (MJPEG, 640x480), drawn from two sitters of face-api's sample pictures. Made where they are not
 * yet, or were made by another version of this folder: some ten seconds.
 * @returns each clip's file
 */
export async function faceClips(): Promise<Readonly<Record<ClipName, string>>> {
  const folder = join(cache, version())
  if (!existsSync(folder)) await makeClips(folder)
  return Object.fromEntries(clipNames.map((name) => [name, join(folder, `${name}.mjpeg`)])) as Record<ClipName, string>
}

function version(): string {
  const hash = createHash('sha256')
  for (const path of [...globSync(join(here, '*.ts')).sort(), join(samples, 'sample6.jpg')]) hash.update(readFileSync(path))
  return hash.digest('hex').slice(0, 16)
}

async function makeClips(folder: string): Promise<void> {
  const older = existsSync(cache) ? readdirSync(cache).filter((name) => !name.includes('.')) : []
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const server = await serveStudio(unfinished)
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.evaluate(work, shares)
    // Another process may have been faster with the same.
    if (existsSync(folder)) rmSync(unfinished, { recursive: true })
    else renameSync(unfinished, folder)
    for (const name of older) rmSync(join(cache, name), { recursive: true, force: true })
  } finally {
    await browser.close()
    server.close()
  }
}

/** Runs in the page. */
async function work(each: readonly (readonly ClipName[])[]): Promise<void> {
  await Promise.all(
    each.map((clips) => {
      const studio = new Worker('/studio.ts', { type: 'module' })
      return new Promise<void>((resolve, reject) => {
        studio.onmessage = () => resolve()
        studio.onerror = ({ message }) => reject(new Error(message))
        studio.postMessage({ clips, samples: '/samples' })
      })
    }),
  )
}

async function serveStudio(folder: string): Promise<Server> {
  const server = createServer((request, reply) => {
    answer(request, reply, folder).catch((error: unknown) => {
      reply.statusCode = 500
      reply.end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function answer(request: IncomingMessage, reply: ServerResponse, folder: string): Promise<void> {
  const [, first = '', second = ''] = (request.url ?? '').split('/')
  const send = (type: string, content: string | Buffer) => void reply.setHeader('Content-Type', type).end(content)
  if (request.method === 'POST' && first === 'made') {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    writeFileSync(join(folder, `${basename(second)}.mjpeg`), Buffer.concat(pieces))
    return send('text/plain', '')
  }
  if (first === 'samples') return send('image/jpeg', readFileSync(join(samples, basename(second))))
  if (!first.endsWith('.ts')) return send('text/html', '<!doctype html><title>studio</title>')
  const path = join(here, basename(first))
  return send('text/javascript', (await transformWithOxc(readFileSync(path, 'utf8'), path)).code)
}
