import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { contentTypeOf, isPageItself, resolvePageFile } from '../shell-common/assets.ts'
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

/**
 * Serves the page's files under app://bundle, each with the full set of headers; anything else is not found.
 * @param attackModel folder of the operator's presentation-attack model
 * @param dress the page itself as it is to be shown: electron/shell-common/dress-page.ts
 */
export function servePage(pageRoot: string, attackModel: string | null, dress: (html: string) => string): void {
  const headers = securityHeaders()
  protocol.handle('app', async (request) => {
    const url = URL.parse(request.url)
    const file = url && isOwnPage(request.url) && request.method === 'GET' ? resolvePageFile(pageRoot, attackModel, url.pathname) : undefined
    if (!file) return new Response(null, { status: 404, headers })
    const bytes = await readFile(file)
    return new Response(isPageItself(file) ? dress(bytes.toString('utf8')) : new Uint8Array(bytes), { headers: { ...headers, 'content-type': contentTypeOf(file) } })
  })
}
