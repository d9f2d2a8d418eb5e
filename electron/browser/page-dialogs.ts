import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/errors/app-error.ts'
import { shellEvents } from '../../shared/wire/shell-events.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import type { HostPorts } from '../host/ports.ts'

/** What a page that was shown to the user has to do with a chooser before it counts as never opened, in ms. */
const opensWithin = 10_000
/** Of one document, in bytes: the largest attachment, and a file too large to be told so. */
const mostBytes = 600 << 20

interface Chooser {
  readonly folder: string
  readonly paths: string[]
  opened: boolean
  settle(paths: string[]): void
}

export interface PageDialogs extends Pick<HostPorts['dialogs'], 'openDocuments' | 'saveFile'> {
  attach(transport: Transport): void
  serve(request: IncomingMessage, response: ServerResponse, path: string): boolean
  close(): void
}

/**
 * File dialogs of the browser shell: Chromium's own, opened by the page that the user has just pressed a button in. What was
 * chosen is copied into a private temporary folder and the host is given that path, as the desktop shell gives it the file's own.
 */
export function createPageDialogs(): PageDialogs {
  const root = mkdtempSync(join(tmpdir(), 'workstation-documents-'))
  const pages = new Set<Transport>()
  const choosers = new Map<string, Chooser>()
  const downloads = new Map<string, string>()

  const tell = (name: string, data: unknown) => {
    if (pages.size === 0) throw new AppError('dialog-unavailable')
    for (const page of pages) page.send({ kind: 'event', name, data })
  }
  const folderOf = (ticket: string) => {
    const folder = join(root, ticket)
    mkdirSync(folder, { mode: 0o700 })
    return folder
  }

  async function take(chooser: Chooser, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The name only: whatever stood before it, nothing is written beside the folder.
    const name = basename(decodeURIComponent(String(request.headers['x-file-name'] ?? ''))).replace(/[\\/\p{Cc}]/gu, '')
    const path = join(chooser.folder, String(chooser.paths.length), name || 'document')
    mkdirSync(join(chooser.folder, String(chooser.paths.length)))
    chooser.paths.push(path)
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > mostBytes) request.destroy()
    })
    await pipeline(request, createWriteStream(path, { mode: 0o600 }))
    response.writeHead(204).end()
  }

  function give(ticket: string, path: string, response: ServerResponse): void {
    downloads.delete(ticket)
    response.writeHead(200, {
      'content-type': 'application/octet-stream', 'content-length': statSync(path).size, 'cache-control': 'no-store',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
    })
    createReadStream(path).pipe(response).on('close', () => rmSync(join(root, ticket), { recursive: true, force: true }))
  }

  return {
    attach: (transport) => {
      pages.add(transport)
      transport.onClose(() => pages.delete(transport))
    },

    openDocuments: ({ filters, multiple }) =>
      new Promise((resolve, reject) => {
        const ticket = randomBytes(16).toString('hex')
        const chooser: Chooser = { folder: folderOf(ticket), paths: [], opened: false, settle: (paths) => void (choosers.delete(ticket) && resolve(paths)) }
        choosers.set(ticket, chooser)
        setTimeout(() => {
          if (!chooser.opened && choosers.delete(ticket)) reject(new AppError('dialog-unavailable'))
        }, opensWithin).unref()
        try {
          tell(shellEvents.choose, { ticket, multiple, accept: filters.flatMap(({ extensions }) => extensions.map((extension) => `.${extension}`)) })
        } catch (error) {
          choosers.delete(ticket)
          reject(error instanceof Error ? error : new Error('no page'))
        }
      }),

    saveFile: async ({ suggestedName }, write) => {
      const ticket = randomBytes(16).toString('hex')
      const path = join(folderOf(ticket), suggestedName)
      await write(path)
      downloads.set(ticket, path)
      tell(shellEvents.download, { ticket })
      return suggestedName
    },

    serve: (request, response, path) => {
      const [, ticket = '', step] = /^\/dialogs\/([0-9a-f]{32})(?:\/(opened|file|done))?$/.exec(path) ?? []
      const download = downloads.get(ticket)
      if (request.method === 'GET' && step === undefined && download) {
        give(ticket, download, response)
        return true
      }
      const chooser = choosers.get(ticket)
      if (!chooser || request.method !== 'PUT') return false
      if (step === 'file') {
        take(chooser, request, response).catch(() => response.destroy())
        return true
      }
      if (step === 'opened') chooser.opened = true
      if (step === 'done') chooser.settle(chooser.paths)
      request.resume()
      response.writeHead(204).end()
      return true
    },

    close: () => rmSync(root, { recursive: true, force: true }),
  }
}
