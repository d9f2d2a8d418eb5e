import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'
import { AppError } from '../../shared/errors/app-error.ts'

/** For a whole document, in ms; a hundred posters take some two seconds. */
const longest = 60_000

const switches = [
  '--headless', '--remote-debugging-pipe', '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-extensions', '--disable-gpu',
  // The document names nothing to fetch, and where it did there would be nobody.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  // Chromium's sandbox refuses to run as root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

const answerSchema = v.object({ id: v.number(), result: v.optional(v.looseObject({})), error: v.optional(v.unknown()) })
type Result = Readonly<Record<string, unknown>>

/**
 * HostPorts.printing of the browser shell: a Chromium of its own without a window, which lives as long as the document takes. It is
 * spoken to over a pipe: nobody else on the machine can.
 * @throws AppError pdf-unavailable, pdf-failed
 */
export async function chromiumPdf(html: string, program = process.env['CHROMIUM'] ?? 'chromium'): Promise<Uint8Array> {
  const profile = await mkdtemp(join(tmpdir(), 'workstation-pdf-'))
  const chromium = startChromium(program, profile)
  try {
    return await Promise.race([print(chromium.ask, html), chromium.ended, late()])
  } finally {
    await chromium.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function print(ask: Ask, html: string): Promise<Uint8Array> {
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true })
  const onPage = (method: string, params: object = {}) => ask(method, params, String(sessionId))
  await onPage('Emulation.setScriptExecutionDisabled', { value: true })
  const { frameTree } = await onPage('Page.getFrameTree')
  const { frame } = v.parse(v.object({ frame: v.object({ id: v.string() }) }), frameTree)
  await onPage('Page.setDocumentContent', { frameId: frame.id, html })
  const { data } = await onPage('Page.printToPDF', { preferCSSPageSize: true, printBackground: true, generateTaggedPDF: false })
  return new Uint8Array(Buffer.from(v.parse(v.string(), data), 'base64'))
}

type Ask = (method: string, params: object, sessionId?: string) => Promise<Result>

/** Chromium's DevTools protocol: JSON texts with NUL behind each, on two pipes. */
function startChromium(program: string, profile: string) {
  const child = spawn(program, [...switches, `--user-data-dir=${profile}`], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  const [toChromium, fromChromium] = [child.stdio[3] as Writable, child.stdio[4] as Readable]
  const waiting = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>()
  let last = 0

  function take(text: string): void {
    const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), text)
    // An event.
    if (!answer.success) return
    const { id, result, error } = answer.output
    const asker = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asker?.resolve(result ?? {})
    else asker?.reject(new AppError('pdf-failed', {}, { cause: new Error(JSON.stringify(error).slice(0, 200)) }))
  }

  let rest: Buffer[] = []
  fromChromium.on('data', (piece: Buffer) => {
    for (let from = 0; ; ) {
      const end = piece.indexOf(0, from)
      if (end === -1) return void rest.push(piece.subarray(from))
      take(Buffer.concat([...rest, piece.subarray(from, end)]).toString('utf8'))
      rest = []
      from = end + 1
    }
  })
  // It says so by its end.
  for (const pipe of [toChromium, fromChromium]) pipe.on('error', () => undefined)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', (error) => reject(new AppError('pdf-unavailable', {}, { cause: error })))
    child.once('exit', () => reject(new AppError('pdf-failed')))
  })
  ended.catch(() => undefined)

  const ask: Ask = (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      toChromium.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    })
  return {
    ask,
    ended,
    stop: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new AppError('pdf-failed')), longest).unref())
}
