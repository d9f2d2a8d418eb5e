import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const models = join(repository, 'node_modules/@vladmandic/face-api/model')
const wasm = join(repository, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')
const bundle = 'face-tools.js'

/** The page's own face modules, and face-api's usual way beside them, as one module that an empty page can import. */
const entry = `
export { openFaceEngine } from ${JSON.stringify(join(repository, 'renderer/face/face-engine.ts'))}
export * as defaultPath from ${JSON.stringify(join(repository, 'build/face/default-path.ts'))}
`

/** @returns the folder of the bundle, for `openFacePage`; remove it when done */
export async function bundleFaceTools(outDir: string, more = ''): Promise<string> {
  const name = 'virtual:face-tools'
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(repository, 'renderer'),
    publicDir: false,
    worker: { format: 'es' },
    plugins: [{ name: 'face-tools', resolveId: (id: string) => (id === name ? `\0${name}` : null), load: (id: string) => (id === `\0${name}` ? entry + more : null) }],
    build: {
      outDir, emptyOutDir: true, target: 'chrome140', minify: false, modulePreload: false,
      rolldownOptions: { input: { 'face-tools': name }, preserveEntrySignatures: 'strict', output: { entryFileNames: '[name].js' } },
    },
  })
  return outDir
}

export interface FacePage {
  readonly page: Page
  /** Of the module with the face tools, for `import()` within the page. */
  readonly tools: string
  close(): Promise<void>
}

/**
 * Opens Chromium with an empty page that can import the face tools.
 * @param folder as `bundleFaceTools` has made it
 * @param pictures a folder that is served under `pictures/`
 * @param args more of them for Chromium
 */
export async function openFacePage({ folder, pictures = '', args = [] }: { folder: string; pictures?: string; args?: readonly string[] }): Promise<FacePage> {
  const server = createServer((request, reply) => answer(request, reply, folder, pictures))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', ...args] })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return {
    page,
    tools: `/${bundle}`,
    async close() {
      await browser.close()
      server.close()
    },
  }
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm', json: 'application/json' }

function answer(request: IncomingMessage, reply: ServerResponse, folder: string, pictures: string): void {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1)
  const file = fileOf(path, folder, pictures)
  if (!file) return void reply.setHeader('Content-Type', 'text/html').end('<!doctype html><title>faces</title>')
  try {
    reply.setHeader('Content-Type', types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream').end(readFileSync(file))
  } catch {
    reply.statusCode = 404
    reply.end()
  }
}

function fileOf(path: string, folder: string, pictures: string): string | null {
  const name = basename(path)
  if (path.startsWith('pictures/')) return join(pictures, path.slice('pictures/'.length))
  // The page's own names for the packages' files (renderer/face/face-assets.ts).
  if (path.startsWith('face/')) return name.endsWith('.wasm') ? join(wasm, name) : join(models, name.replace(/\.json$/, '-weights_manifest.json'))
  if (path.startsWith('models/')) return join(models, name)
  if (path.startsWith('wasm/')) return join(wasm, name)
  return path.endsWith('.js') ? join(folder, path) : null
}
