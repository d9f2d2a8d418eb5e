/**
 * What the page may do, in both shells. Code runs from our own files only, and styles too: a name typed into a form can
 * never become a script or a style. `wasm-unsafe-eval` compiles WebAssembly (face models) and permits no other eval.
 * @param connect origins the page may open connections to besides its own: the browser shell's WebSocket
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    // data: and blob: are pictures the page has made or read itself: a QR code, a chosen photo.
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Headers of every answer that a shell gives the page. COOP and COEP isolate it, which shared WebAssembly memory needs;
 * CORP keeps other sites from embedding its files.
 */
export function securityHeaders(options: { connect?: readonly string[] } = {}): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(options.connect),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}
