import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../shared/wire/client.ts'
import { pagePortGiven, pagePortWanted } from '../../../shared/wire/page-port.ts'
import { mainContract } from '../../../electron/desktop/main-contract.ts'
import { createPortTransport } from '../../../electron/desktop/port-transport.ts'
import { app, ipcMain, nativeTheme, seen, type MessagePortMain } from '../../support/fake-electron.ts'

// Node's own process stands where Electron's would: the settings come from its arguments.
process.argv.push('--central', 'https://127.0.0.1:8443', '--recovery-key=/stick/recovery.pem')

beforeAll(async () => {
  await import('../../../electron/desktop/main.ts')
  expect(seen.windows, 'a window before the app is ready').toHaveLength(0)
  app.becomeReady()
  await vi.waitFor(() => expect(seen.windows[0]?.url).toBeTruthy())
})

const ownFrame = (over: object = {}) => ({ url: 'app://bundle/index.html', parent: null, postMessage: vi.fn(), ...over })

describe('the window', () => {
  it('is sandboxed, isolated and without Node', () => {
    expect(seen.sandboxed).toBe(true)
    expect(seen.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    })
    expect(seen.windows[0]?.options.webPreferences).not.toHaveProperty('webviewTag')
  })

  it('loads our page only, and shows itself once that is drawn', () => {
    expect(seen.windows[0]?.url).toBe('app://bundle/index.html')
    expect(seen.windows[0]?.options.show).toBe(false)
    expect(seen.windows[0]?.shown).toBe(true)
  })

  it('fits a notebook of 1366x768 at 175 %', () => {
    const { minWidth = Infinity, minHeight = Infinity } = seen.windows[0]?.options ?? {}
    expect([minWidth <= 1366 / 1.75, minHeight <= 768 / 1.75]).toEqual([true, true])
  })

  it('comes back when its page crashes', () => {
    seen.windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(seen.windows[0]?.reloads).toBe(1)
  })

  it.each([['返回处理', 0], ['仍然关闭', 1]])('that holds something unkept asks before it closes: %s', (answer, goes) => {
    const preventDefault = vi.fn()
    seen.answer = answer
    seen.windows[0]?.webContents.emit('will-prevent-unload', { preventDefault })
    expect(preventDefault).toHaveBeenCalledTimes(goes)
  })

  it('is the one that a second start brings to the front', () => {
    app.emit('second-instance')
    expect(seen.windows).toHaveLength(1)
    expect(seen.windows[0]?.focused).toBe(true)
  })
})

describe('a page', () => {
  const contents = () => seen.windows[0]!.webContents

  it.each(['https://evil.example/', 'file:///etc/passwd', 'app://bundle.evil/', 'app://other/index.html', 'http://bundle/'])(
    'cannot navigate or be redirected to %s',
    (url) => {
      const preventDefault = vi.fn()
      contents().emit('will-navigate', { url, preventDefault })
      contents().emit('will-redirect', { url, preventDefault })
      expect(preventDefault).toHaveBeenCalledTimes(2)
    },
  )

  it('may move within our own origin', () => {
    const preventDefault = vi.fn()
    contents().emit('will-navigate', { url: 'app://bundle/index.html#/sign-in', preventDefault })
    expect(preventDefault).not.toHaveBeenCalled()
  })

  it('embeds no webview', () => {
    const preventDefault = vi.fn()
    contents().emit('will-attach-webview', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
  })

  it('opens no window; the system browser opens the authority’s sites over https and nothing else', () => {
    const urls = ['file:///etc/passwd', 'http://fgj.sh.gov.cn/', 'https://sh.gov.cn.evil.example/', 'https://evil.example/', 'https://fgj.sh.gov.cn/a']
    for (const url of urls) expect(contents().openHandler?.({ url })).toEqual({ action: 'deny' })
    expect(seen.external).toEqual(['https://fgj.sh.gov.cn/a'])
  })
})

describe('the host', () => {
  const host = () => seen.processes[0]!

  it('runs in a process of its own and is told where its data and the central service are', () => {
    expect(host().entry).toMatch(/host-process\.js$/)
    expect(host().posted[0]?.message).toMatchObject({
      kind: 'start',
      settings: { data: app.getPath(), centralUrl: 'https://127.0.0.1:8443', allowPlainHttp: false, recoveryKeyFile: '/stick/recovery.pem' },
    })
  })

  it('gets one end of a new channel when our page asks, and the page the other', () => {
    const senderFrame = ownFrame()
    ipcMain.emit(pagePortWanted, { senderFrame })
    expect(host().posted.at(-1)).toMatchObject({ message: { kind: 'page' }, ports: [expect.anything()] })
    expect(senderFrame.postMessage).toHaveBeenCalledWith(pagePortGiven, null, [expect.anything()])
  })

  it.each([
    ['no frame', null],
    ['another site', ownFrame({ url: 'https://evil.example/' })],
    ['another host', ownFrame({ url: 'app://other/index.html' })],
    ['a look-alike host', ownFrame({ url: 'app://bundle.evil/' })],
    ['a frame inside our page', ownFrame({ parent: {} })],
  ])('is not reached from %s', (_whom, senderFrame) => {
    const before = host().posted.length
    ipcMain.emit(pagePortWanted, { senderFrame })
    expect(host().posted).toHaveLength(before)
  })

  it('has the window drawn in the colours that were chosen, from the start and at once', async () => {
    expect(nativeTheme.themeSource).toBe('system')
    await createClient(mainContract, controlPort()).call.window.showColours({ colours: 'dark' })
    expect(nativeTheme.themeSource).toBe('dark')
  })

  it('has its secrets sealed and a file chosen by main', async () => {
    const { call } = createClient(mainContract, controlPort())
    const plain = Buffer.from('data key').toString('base64')
    const { sealed } = await call.secrets.seal({ plain })
    expect(sealed).not.toBe(plain)
    expect(await call.secrets.unseal({ sealed })).toEqual({ plain })
    expect(await call.dialogs.openFile({ title: 'x', filters: [] })).toEqual({ path: '/opt/vendor/driver.so' })
    expect(await call.dialogs.openDocuments({ title: 'x', filters: [], multiple: true })).toEqual({ paths: ['/opt/vendor/driver.so'] })
    expect(await call.dialogs.saveFile({ title: 'x', filters: [], suggestedName: '名册.xlsx' })).toEqual({ path: '/documents/名册.xlsx' })
  })

  it('has a PDF made by a window that nobody sees, in which nothing runs and from which nothing goes out', async () => {
    const { call } = createClient(mainContract, controlPort())
    const html = '<!doctype html><p>项目二维码'
    const { pdf } = await call.printing.toPdf({ html })
    expect(Buffer.from(pdf, 'base64').toString()).toBe('%PDF-1.4')
    expect(seen.printed).toEqual([expect.objectContaining({ preferCSSPageSize: true })])
    const [window] = seen.destroyed
    expect(window?.options).toMatchObject({ show: false, webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false } })
    expect(window?.options.webPreferences).not.toHaveProperty('preload')
    expect(Buffer.from(window?.url.split('base64,')[1] ?? '', 'base64').toString('utf8')).toBe(html)
    for (const url of ['https://evil.example/', 'http://127.0.0.1/', 'file:///etc/passwd', 'app://bundle/index.html']) expect(seen.filters.get('posters')?.(url), url).toBe(false)
    expect(seen.filters.get('posters')?.(window?.url ?? '')).toBe(true)
    expect(seen.windows).toHaveLength(1)
  })

  it('is told where no PDF came of it, and the window is gone then too', async () => {
    seen.loadsFail = true
    await expect(createClient(mainContract, controlPort()).call.printing.toPdf({ html: '<p>' })).rejects.toMatchObject({ code: 'pdf-failed' })
    seen.loadsFail = false
    expect(seen.windows).toHaveLength(1)
    expect(seen.destroyed).toHaveLength(2)
  })

  it('gets its CA key process from main, hears of its end, and can end it', async () => {
    const { call, on } = createClient(mainContract, controlPort())
    const ended = new Promise((resolve) => on('keyProcess', 'exited', resolve))
    await call.keyProcess.start({ id: 7 })
    const keyProcess = seen.processes.at(-1)!
    expect(keyProcess.entry).toMatch(/key-process\.js$/)
    expect(keyProcess.options.stdio).toBe('ignore')
    expect(keyProcess.posted[0]?.ports).toHaveLength(1)
    expect(host().posted.at(-1)).toMatchObject({ message: { kind: 'key-port', id: 7 }, ports: [expect.anything()] })
    await call.keyProcess.kill({ id: 7 })
    expect(keyProcess.killed).toBe(true)
    expect(await ended).toEqual({ id: 7 })
  })

  it('closes before the program ends', async () => {
    const preventDefault = vi.fn()
    app.emit('before-quit', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    expect(host().posted.at(-1)?.message).toEqual({ kind: 'stop' })
    const quits = seen.quits
    host().emit('exit', 0)
    await vi.waitFor(() => expect(seen.quits).toBe(quits + 1))
    app.emit('before-quit', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
  })

  let control: ReturnType<typeof createPortTransport> | undefined
  function controlPort() {
    // The end of the control channel that travelled with `start`.
    const port = host().posted[0]!.ports[0]! as unknown as Parameters<typeof createPortTransport>[0] & MessagePortMain
    control ??= createPortTransport(port)
    return control
  }
})
