import { fileURLToPath } from 'node:url'
import type { HostPorts } from '../../electron/host/ports.ts'
import { startThread } from '../../electron/shell-common/worker-thread.ts'
import { AppError } from '../../shared/errors/app-error.ts'

/** A shell whose user presses 取消 in every dialog. */
export const dialogsCancelled: HostPorts['dialogs'] = {
  openFile: () => Promise.resolve(null),
  openDocuments: () => Promise.resolve([]),
  saveFile: () => Promise.resolve(null),
}

/** A shell that has none. */
export const dialogsUnavailable: HostPorts['dialogs'] = {
  openFile: () => Promise.reject(new AppError('dialog-unavailable')),
  openDocuments: () => Promise.reject(new AppError('dialog-unavailable')),
  saveFile: () => Promise.reject(new AppError('dialog-unavailable')),
}

/** A shell that makes no PDF. */
export const printingUnavailable: HostPorts['printing'] = { toPdf: () => Promise.reject(new AppError('pdf-unavailable')) }

const readerThread = fileURLToPath(new URL('../../electron/host/roster/reader-thread.ts', import.meta.url))

export const startRosterReader: HostPorts['startRosterReader'] = () => startThread(readerThread)

const scanThread = fileURLToPath(new URL('../../electron/host/faces/scan/scan-thread.ts', import.meta.url))

export const startFaceScan: HostPorts['startFaceScan'] = () => startThread(scanThread)
