import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { findFreePort } from '../../build/start/ports.ts'
import { startCentral } from '../support/central-service.ts'
import { putUpPoster, textsOf } from '../support/self-registrations.ts'
import { fillInAndSend } from './fill-in-and-send.ts'

/**
 * The worker page in engines other than Chromium: `node tests/smoke/worker-page.smoke.ts` after a build, with Debian's firefox-esr and
 * webkit2gtk-driver (which wants a display: xvfb). One worker each fills in the form and sends it. Not a part of `npm test`.
 */
interface Engine {
  readonly name: string
  /** Opens the page, runs this there, and tells what it returns. */
  run(address: string, script: string): Promise<string>
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until<T>(task: () => Promise<T>, tries = 60): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await task()
    } catch (error) {
      if (left === 0) throw error
      await wait(500)
    }
  }
}

async function withProcess<T>(command: string, args: string[], use: () => Promise<T>): Promise<T> {
  const child: ChildProcess = spawn(command, args, { stdio: 'ignore' })
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  try {
    return await Promise.race([use(), failed])
  } finally {
    child.kill('SIGKILL')
  }
}

/** By WebDriver BiDi, without a driver in between. */
const firefox: Engine = {
  name: 'Firefox ESR',
  run: async (address, script) => {
    const port = await findFreePort()
    const profile = mkdtempSync(join(tmpdir(), 'firefox-'))
    try {
      return await withProcess('firefox-esr', ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', String(port)], async () => {
        const socket = await until(async () => {
          const opening = new WebSocket(`ws://127.0.0.1:${port}/session`)
          await new Promise((resolve, reject) => void opening.once('open', resolve).once('error', reject))
          return opening
        })
        let last = 0
        const call = (method: string, params: object) =>
          new Promise<Record<string, unknown>>((resolve, reject) => {
            const id = ++last
            const listen = (data: Buffer) => {
              const answer = JSON.parse(data.toString()) as { id?: number; type: string; message?: string; result?: Record<string, unknown> }
              if (answer.id !== id) return
              socket.off('message', listen)
              if (answer.type === 'success') resolve(answer.result ?? {})
              else reject(new Error(answer.message))
            }
            socket.on('message', listen)
            socket.send(JSON.stringify({ id, method, params }))
          })
        await call('session.new', { capabilities: {} })
        const { contexts } = (await call('browsingContext.getTree', {})) as { contexts: { context: string }[] }
        const context = contexts[0]?.context ?? ''
        await call('browsingContext.navigate', { context, url: address, wait: 'complete' })
        const { result } = (await call('script.evaluate', { expression: script, target: { context }, awaitPromise: true })) as { result: { value?: string } }
        return result.value ?? 'nothing'
      })
    } finally {
      rmSync(profile, { recursive: true, force: true })
    }
  },
}

/** By WebDriver, in GTK's MiniBrowser. */
const webkit: Engine = {
  name: 'WebKitGTK',
  run: async (address, script) => {
    const port = await findFreePort()
    return withProcess('WebKitWebDriver', [`--port=${port}`], async () => {
      const call = async (path: string, body: object): Promise<unknown> => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
        const { value } = (await answer.json()) as { value: unknown }
        if (!answer.ok) throw new Error(JSON.stringify(value))
        return value
      }
      const { sessionId } = (await until(() => call('/session', { capabilities: { alwaysMatch: {} } }), 20)) as { sessionId: string }
      await call(`/session/${sessionId}/timeouts`, { script: 120_000 })
      await call(`/session/${sessionId}/url`, { url: address })
      return String(await call(`/session/${sessionId}/execute/async`, { script: `const done = arguments[arguments.length - 1]; (${script}).then(done, (error) => done(String(error)))`, args: [] }))
    })
  },
}

const folder = mkdtempSync(join(tmpdir(), 'worker-page-'))
const central = await startCentral({ kind: 'sqlite', path: join(folder, 'central.db') }, { workerPage: 'out/worker-page' })
try {
  const origin = await central.app.listen({ host: '127.0.0.1', port: 0 })
  const { code } = await putUpPoster(central, await central.newClerk('上海某某修缮工程有限公司'))
  const engines = [firefox, webkit].filter(({ name }) => process.argv.slice(2).every((wanted) => name.toLowerCase().startsWith(wanted)))
  for (const [index, engine] of engines.entries()) {
    const started = performance.now()
    const told = await engine.run(`${origin}/W/${code}`, `(${fillInAndSend.toString()})(${JSON.stringify(textsOf(index + 1))})`).catch((error: unknown) => String(error))
    const waiting = await central.db.selectFrom('self_registration').select('id').where('state', '=', 'waiting').execute()
    const isRight = told === '待核对' && waiting.length === index + 1
    console.log(`${engine.name}: ${isRight ? 'sent, 待核对' : `FAILED: ${told}`} (${Math.round(performance.now() - started)} ms)`)
    if (!isRight) process.exitCode = 1
  }
} finally {
  await central.close()
  rmSync(folder, { recursive: true })
}
