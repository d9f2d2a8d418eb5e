import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors/app-error.ts'

/**
 * Nothing but our own files runs, is shown or is called: a phone has neither extensions of ours nor anything to allow for.
 * blob: is a photo that the worker has just taken.
 */
const contentSecurityPolicy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ')

const security = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), microphone=()',
  // The short code stands in the address.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** A file of the page as it is sent. Compressed once, when somebody wants it so. */
interface PageFile {
  readonly mediaType: string
  readonly etag: string
  encoded(encoding: 'br' | 'gzip' | 'identity'): Buffer
}

/**
 * Serves the worker page (扫码填报页): the page itself under `/W/` and a poster's code, whichever it is, and its files under `/W/assets/`.
 * In upper case the address makes a smaller QR code; typed by hand it is lower case.
 * @param folder of the built page; where it is not there, nothing is served
 */
export function serveWorkerPage(app: FastifyInstance, folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) return
  const page = fileOf(join(folder, 'index.html'))
  const assets = new Map(readdirSync(join(folder, 'assets')).filter((name) => extname(name) in mediaTypes).map((name) => [name, fileOf(join(folder, 'assets', name))]))
  for (const start of ['/W', '/w']) {
    app.get<{ Params: { code: string } }>(`${start}/:code`, async (request, reply) => {
      if (!/^[0-9A-Za-z]{1,40}$/.test(request.params.code)) throw new AppError('not-found')
      return send(request, reply.headers({ ...security, 'cache-control': 'no-cache' }), page)
    })
    app.get<{ Params: { name: string } }>(`${start}/assets/:name`, async (request, reply) => {
      const file = assets.get(request.params.name)
      if (!file) throw new AppError('not-found')
      // Their names tell their content.
      return send(request, reply.headers({ ...security, 'cache-control': 'public, max-age=31536000, immutable' }), file)
    })
  }
}

function fileOf(path: string): PageFile {
  const bytes = readFileSync(path)
  const made = new Map<string, Buffer>()
  const make = { br: brotliCompressSync, gzip: gzipSync, identity: (plain: Buffer) => plain }
  return {
    mediaType: mediaTypes[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    encoded: (encoding) => {
      const known = made.get(encoding) ?? make[encoding](bytes)
      made.set(encoding, known)
      return known
    },
  }
}

async function send(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<FastifyReply> {
  void reply.headers({ 'etag': file.etag, 'vary': 'accept-encoding' })
  if (request.headers['if-none-match'] === file.etag) return reply.status(304).send()
  const accepted = (request.headers['accept-encoding'] ?? '').split(',').map((part) => part.split(';')[0]?.trim())
  const encoding = accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity'
  return reply.headers({ 'content-type': file.mediaType, ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }) }).send(file.encoded(encoding))
}
