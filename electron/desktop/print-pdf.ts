import { BrowserWindow, session } from 'electron'
import { AppError } from '../../shared/errors/app-error.ts'
import type { Services } from '../../shared/wire/contract.ts'
import type { mainContract } from './main-contract.ts'

/** For a whole document, in ms. */
const longest = 60_000

/** HostPorts.printing, as main does it for the host: a window that is never shown, in which nothing runs and from which nothing goes out. */
export const printingServices: Services<typeof mainContract>['printing'] = {
  toPdf: async ({ html }) => {
    const apart = session.fromPartition('posters')
    apart.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !request.url.startsWith('data:') }))
    const window = new BrowserWindow({
      show: false,
      webPreferences: { session: apart, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false, webSecurity: true, spellcheck: false, devTools: false },
    })
    try {
      const pdf = await Promise.race([print(window, html), late()])
      return { pdf: pdf.toString('base64') }
    } catch (error) {
      throw error instanceof AppError ? error : new AppError('pdf-failed', {}, { cause: error })
    } finally {
      window.destroy()
    }
  },
}

async function print(window: BrowserWindow, html: string): Promise<Buffer> {
  await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html, 'utf8').toString('base64')}`)
  return window.webContents.printToPDF({ preferCSSPageSize: true, printBackground: true, generateTaggedPDF: false })
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new AppError('pdf-failed')), longest).unref())
}
