import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { uploadContentType } from '../../shared/api/attachments.ts'
import { AppError } from '../../shared/errors/app-error.ts'

/**
 * JSON is the only language, and UTF-8 the only way to write it (RFC 8259, 8.1). The framework's own reader would put a
 * replacement character in the place of what it cannot decode, and a name would be stored that nobody has typed.
 */
export function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8(bytes)) return done(new AppError('request-malformed', { where: 'body' }), undefined)
    void parse(request, bytes.toString('utf8'), done)
  })
}

/** The other language: bytes, where a route takes them. Those of an upload are not read here. */
export function passBytes(app: FastifyInstance): void {
  app.addContentTypeParser(uploadContentType, (request, payload, done) => {
    const { takesBytes } = request.routeOptions.config as { takesBytes?: string }
    if (takesBytes === uploadContentType) done(null, payload)
    else done(new AppError('content-type-unsupported'))
  })
  // Small enough to be read whole, up to the route's limit.
  app.addContentTypeParser<Buffer>('image/jpeg', { parseAs: 'buffer' }, (request, bytes, done) => {
    const { takesBytes } = request.routeOptions.config as { takesBytes?: string }
    if (takesBytes === 'image/jpeg') done(null, bytes)
    else done(new AppError('content-type-unsupported'))
  })
}
