import { statSync } from 'node:fs'
import { extname, join, normalize, sep } from 'node:path'

/** The kinds of file the page consists of; any other is not served, source maps included. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  // Character maps of PDFs.
  '.bcmap': 'application/octet-stream',
}

/** Bytes. No file of the page comes near it. */
const longestPath = 250

/**
 * The file that a URL path names under `root`, or undefined: nothing outside the root, no kind of file that is not
 * listed, no directory.
 * @param urlPath as in `URL.pathname`, still percent-encoded
 */
export function resolveAsset(root: string, urlPath: string): string | undefined {
  const path = decodePath(urlPath)
  // A NUL would end the name early in the system call, after the extension has been checked.
  if (path === undefined || path.includes('\0')) return undefined
  // Of a longer name than a file may have the system does not say that it is not there: it throws.
  if (Buffer.byteLength(path) > longestPath) return undefined
  const top = normalize(root)
  const file = normalize(join(top, path === '/' ? 'index.html' : path))
  if (!file.startsWith(top.endsWith(sep) ? top : top + sep)) return undefined
  if (!Object.hasOwn(contentTypes, extname(file))) return undefined
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined
}

/** Where the page finds the files of the operator's own presentation-attack model (docs/face.md). */
const attackModelPath = '/face/attack-model/'

/**
 * The file that a URL path names for the page: its own, or one of the operator's presentation-attack model. Of that folder only what a
 * model consists of is served, and nothing that could run.
 * @param attackModel the folder of it; null: there is none
 */
export function resolvePageFile(pageRoot: string, attackModel: string | null, urlPath: string): string | undefined {
  if (!urlPath.startsWith(attackModelPath)) return resolveAsset(pageRoot, urlPath)
  const file = attackModel === null ? undefined : resolveAsset(attackModel, urlPath.slice(attackModelPath.length - 1))
  return file !== undefined && ['.json', '.bin'].includes(extname(file)) ? file : undefined
}

/** Whether a file that `resolveAsset` returned is the page itself, and none that it loads. */
export function isPageItself(file: string): boolean {
  return extname(file) === '.html'
}

/** Content type of a file that `resolveAsset` returned. */
export function contentTypeOf(file: string): string {
  return contentTypes[extname(file)] ?? 'application/octet-stream'
}

function decodePath(urlPath: string): string | undefined {
  try {
    return decodeURIComponent(urlPath)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
