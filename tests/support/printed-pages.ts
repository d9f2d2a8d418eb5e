import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A page of a PDF as somebody holds it in their hands. */
export interface PrintedPage {
  readonly text: string
  /** What each QR code says that a camera finds on it. */
  readonly codes: readonly string[]
}

async function run(program: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 })).stdout
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') throw new Error(`${program} is missing. Install poppler-utils and zbar-tools.`, { cause: error })
    throw error
  }
}

/** Ends with 4 where it finds none. */
const codesOn = (scan: string) =>
  run('zbarimg', '--quiet', '--raw', scan).then((text) => text.trim().split('\n'), (error: unknown) => {
    if ((error as { code?: unknown }).code === 4) return []
    throw error
  })

/** What stands on each page, and what a camera reads from it at 150 dpi; how many of all pages are pictures, and the papers. */
export async function readPrinted(pdf: Uint8Array): Promise<{ pages: PrintedPage[]; images: number; papers: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'printed-'))
  try {
    const file = join(folder, 'document.pdf')
    writeFileSync(file, pdf)
    await run('pdftoppm', '-r', '150', '-gray', file, join(folder, 'page'))
    const scans = readdirSync(folder).filter((name) => name.endsWith('.pgm')).sort()
    // Below two lines of captions.
    const images = (await run('pdfimages', '-list', file)).trim().split('\n').length - 2
    const texts = (await run('pdftotext', file, '-')).split('\f')
    const papers = (await run('pdfinfo', '-f', '1', '-l', String(scans.length), file)).split('\n').flatMap((line) => /^Page.*size:.*\((\w+)\)/.exec(line)?.[1] ?? [])
    const pages: PrintedPage[] = []
    // One by one: of several at once it does not say which code is of which.
    for (const [index, scan] of scans.entries()) pages.push({ text: texts[index] ?? '', codes: await codesOn(join(folder, scan)) })
    return { pages, images, papers }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
