import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, Menu, MessageChannelMain, session, type WebFrameMain } from 'electron'
import { pagePortGiven, pagePortWanted } from '../../shared/wire/page-port.ts'
import { readDisplaySettings } from '../host/display-settings.ts'
import { dressPage } from '../shell-common/dress-page.ts'
import { superviseHost, type HostSupervisor } from './host-supervisor.ts'
import { isOwnPage } from './origin.ts'
import { restrictPermissions } from './permissions.ts'
import { declareScheme, servePage } from './protocol.ts'
import { requireSecretStore } from './secrets.ts'
import { chooseDataFolder, readSettings } from './settings.ts'
import { confine, openWindow, windowServices } from './window.ts'

const report = (error: unknown) => void process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)

chooseDataFolder()
const onlyOne = app.requestSingleInstanceLock()
if (onlyOne) {
  app.enableSandbox()
  declareScheme()
  app.on('web-contents-created', (_event, contents) => confine(contents))
  app.on('second-instance', showWindow)
  app.on('window-all-closed', () => app.quit())
  // No top-level await: `ready` waits for this module to finish (electron#40719).
  app.whenReady().then(start).catch((error: unknown) => {
    report(error)
    app.exit(1)
  })
} else {
  app.quit()
}

async function start(): Promise<void> {
  Menu.setApplicationMenu(null)
  restrictPermissions(session.defaultSession)
  const display = () => readDisplaySettings(app.getPath('userData'))
  windowServices.showColours(display())
  const settings = readSettings()
  const attackModel = settings.faceAttackModel
  servePage(join(import.meta.dirname, '../renderer'), attackModel, (html) => dressPage(html, display(), { attackModel: attackModel !== null }))
  await requireSecretStore()
  const host = superviseHost(settings, report)
  stopHostBeforeQuitting(host)
  ipcMain.on(pagePortWanted, (event) => {
    if (!isOwnMainFrame(event.senderFrame)) return
    const { port1, port2 } = new MessageChannelMain()
    host.connectPage(port1)
    event.senderFrame.postMessage(pagePortGiven, null, [port2])
  })
  await openWindow()
}

/** A port to the host goes to the top frame of our own page only. */
function isOwnMainFrame(frame: WebFrameMain | null): frame is WebFrameMain {
  return frame !== null && frame.parent === null && isOwnPage(frame.url)
}

function stopHostBeforeQuitting(host: HostSupervisor): void {
  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void host.stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.focus()
}
