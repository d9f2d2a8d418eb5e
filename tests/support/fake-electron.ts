/**
 * Stands in for the `electron` module where no Electron can run. It records what the desktop shell asks for and lets a
 * test play Electron's part. Like Electron, it becomes ready only after the entry module has finished.
 */
import { EventEmitter } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

type PermissionAnswer = (granted: boolean) => void
export interface PermissionDetails {
  isMainFrame: boolean
  requestingUrl: string
  mediaTypes?: string[]
  mediaType?: string
}

interface ForkOptions {
  serviceName?: string
  stdio?: string
}

interface WindowOptions {
  show?: boolean
  minWidth?: number
  minHeight?: number
  webPreferences: Record<string, unknown>
}

/** A Node message port in the shape of Electron's. */
export class MessagePortMain extends EventEmitter {
  readonly #port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('close', () => this.emit('close'))
    port.unref()
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message)
  }
  close(): void {
    this.#port.close()
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new MessagePortMain(port1)
    this.port2 = new MessagePortMain(port2)
  }
}

export class UtilityProcess extends EventEmitter {
  readonly posted: { message: unknown; ports: MessagePortMain[] }[] = []
  readonly entry: string
  readonly options: ForkOptions
  killed = false
  constructor(entry: string, options: ForkOptions) {
    super()
    this.entry = entry
    this.options = options
  }
  postMessage(message: unknown, ports: MessagePortMain[] = []): void {
    this.posted.push({ message, ports })
  }
  kill(): boolean {
    this.killed = true
    this.emit('exit', 0)
    return true
  }
}

export class WebContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | undefined
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  async printToPDF(options: Record<string, unknown>): Promise<Buffer> {
    seen.printed.push(options)
    return Buffer.from('%PDF-1.4')
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  url = ''
  shown = false
  focused = false
  reloads = 0
  destroyed = false
  readonly options: WindowOptions
  constructor(options: WindowOptions) {
    super()
    this.options = options
    seen.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url: string): Promise<void> {
    if (seen.loadsFail) throw new Error('ERR_FAILED (-2)')
    this.url = url
    this.emit('ready-to-show')
  }
  show(): void {
    this.shown = true
  }
  focus(): void {
    this.focused = true
  }
  isMinimized(): boolean {
    return false
  }
  reload(): void {
    this.reloads++
  }
  destroy(): void {
    this.destroyed = true
    seen.windows.splice(seen.windows.indexOf(this), 1)
    seen.destroyed.push(this)
  }
  static getAllWindows(): BrowserWindow[] {
    return seen.windows
  }
}

class App extends EventEmitter {
  readonly isPackaged: boolean = false
  readonly #ready = Promise.withResolvers<void>()
  #data = mkdtempSync(join(tmpdir(), 'fake-electron-'))
  whenReady = () => this.#ready.promise
  becomeReady(): void {
    this.#ready.resolve()
    this.emit('ready')
  }
  getPath = () => this.#data
  setPath(_name: string, path: string): void {
    this.#data = path
  }
  getVersion = () => '0.0.0'
  requestSingleInstanceLock = () => true
  enableSandbox(): void {
    seen.sandboxed = true
  }
  quit(): void {
    seen.quits++
  }
  exit(code: number): void {
    seen.exitCode = code
  }
}

export const seen = {
  sandboxed: false,
  quits: 0,
  exitCode: undefined as number | undefined,
  menu: undefined as unknown,
  windows: [] as BrowserWindow[],
  /** Windows that are there no more. */
  destroyed: [] as BrowserWindow[],
  loadsFail: false,
  /** Options of each PDF. */
  printed: [] as Record<string, unknown>[],
  /** What a session of its own lets through to the network; by the session's name. */
  filters: new Map<string, (url: string) => boolean>(),
  processes: [] as UtilityProcess[],
  schemes: [] as { scheme: string; privileges: Record<string, unknown> }[],
  protocols: new Map<string, (request: Request) => Promise<Response>>(),
  external: [] as string[],
  request: undefined as
    | ((contents: unknown, permission: string, answer: PermissionAnswer, details: PermissionDetails) => void)
    | undefined,
  check: undefined as
    | ((contents: unknown, permission: string, origin: string, details: Partial<PermissionDetails>) => boolean)
    | undefined,
  device: undefined as (() => boolean) | undefined,
  storageBackend: 'gnome_libsecret',
  /** The button that the clerk presses in a message box. */
  answer: '',
}

export const app = new App()
export const ipcMain = new EventEmitter()
export const Menu = { setApplicationMenu: (menu: unknown) => void (seen.menu = menu) }
export const protocol = {
  registerSchemesAsPrivileged: (schemes: typeof seen.schemes) => void seen.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void seen.protocols.set(scheme, handler),
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: NonNullable<typeof seen.request>) => void (seen.request = handler),
    setPermissionCheckHandler: (handler: NonNullable<typeof seen.check>) => void (seen.check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => void (seen.device = handler),
  },
  fromPartition: (name: string) => ({
    webRequest: {
      onBeforeRequest: (listener: (request: { url: string }, answer: (outcome: { cancel: boolean }) => void) => void) =>
        void seen.filters.set(name, (url) => {
          let cancelled = false
          listener({ url }, ({ cancel }) => (cancelled = cancel))
          return !cancelled
        }),
    },
  }),
}
export const shell = { openExternal: async (url: string) => void seen.external.push(url) }
export const utilityProcess = {
  fork: (entry: string, _arguments: string[], options: ForkOptions) => {
    const process = new UtilityProcess(entry, options)
    seen.processes.push(process)
    return process
  },
}
/** Of the frame that the system draws, and of `prefers-color-scheme`. */
export const nativeTheme = { themeSource: 'unset' }
export const dialog = {
  showMessageBoxSync: (_window: unknown, { buttons }: { buttons: string[] }) => buttons.indexOf(seen.answer),
  showOpenDialog: async () => ({ canceled: false, filePaths: ['/opt/vendor/driver.so'] }),
  showSaveDialog: async ({ defaultPath }: { defaultPath: string }) => ({ canceled: false, filePath: `/documents/${defaultPath}` }),
}
/** "Seals" by turning the bytes round: enough to tell sealed from plain. */
export const safeStorage = {
  getSelectedStorageBackend: () => seen.storageBackend,
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text: string) => Buffer.from(text).reverse(),
  decryptStringAsync: async (sealed: Buffer) => ({ result: Buffer.from(sealed).reverse().toString(), shouldReEncrypt: false }),
}
