import { join } from 'node:path'
import { app, BrowserWindow, dialog, nativeTheme, shell, type WebContents } from 'electron'
import type { DisplaySettings } from '../../shared/contract/display.contract.ts'
import { appOrigin, isExternalLink, isOwnPage } from './origin.ts'

/** Opens the one window. It shows itself once the page has something to show. */
export async function openWindow(): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    // What is left of a notebook's 1366x768 at 175 % of Windows' scaling.
    minWidth: 760,
    minHeight: 420,
    show: false,
    title: '修缮实名制工作站',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // The spell checker would fetch dictionaries from elsewhere.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  window.once('ready-to-show', () => window.show())
  // A crashed page comes back as it was: what was typed is in the host.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') window.reload()
  })
  // A page refuses to go only where something typed cannot be kept. Electron asks nobody itself: the window would just stay.
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'warning',
      title: '修缮实名制工作站',
      message: '最后录入的内容尚未保存',
      detail: '现在关闭，这些内容将会丢失。',
      buttons: ['返回处理', '仍然关闭'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    // Here this lets the page go.
    if (answer === 1) event.preventDefault()
  })
  await window.loadURL(`${appOrigin}/index.html`)
  return window
}

/** The frame that Windows draws around the page, and what `prefers-color-scheme` says in it. */
export const windowServices = {
  showColours: ({ colours }: Pick<DisplaySettings, 'colours'>) => {
    nativeTheme.themeSource = colours
    return {}
  },
}

/** For every page of the program, whoever made it: it stays on our origin, opens no window and embeds none. */
export function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalLink(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}
