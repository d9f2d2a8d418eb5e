import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { contentTypeOf, resolveAsset } from '../shell-common/assets.ts'
import { securityHeaders } from '../shell-common/security-headers.ts'
import { isOwnPage } from './origin.ts'

/** Before the app is ready: makes app:// a secure origin with storage and code cache. The CSP holds for it too. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ])
}

/** Serves the page's files under app://bundle, each with the full set of headers; anything else is not found. */
export function servePage(pageRoot: string): void {
  const headers = securityHeaders()
  protocol.handle('app', async (request) => {
    const url = URL.parse(request.url)
    const file = url && isOwnPage(request.url) && request.method === 'GET' ? resolveAsset(pageRoot, url.pathname) : undefined
    if (!file) return new Response(null, { status: 404, headers })
    return new Response(new Uint8Array(await readFile(file)), { headers: { ...headers, 'content-type': contentTypeOf(file) } })
  })
}
