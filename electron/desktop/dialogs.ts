import { dialog } from 'electron'
import type { Services } from '../../shared/wire/contract.ts'
import type { mainContract } from './main-contract.ts'

/** The system's file dialogs, as main shows them for the host. Main learns the paths and nothing of what stands in the files. */
export const dialogServices: Services<typeof mainContract>['dialogs'] = {
  openFile: async (options) => {
    const { filePaths } = await dialog.showOpenDialog({ ...options, properties: ['openFile'] })
    return { path: filePaths[0] ?? null }
  },
  openDocuments: async ({ multiple, ...options }) => {
    const { filePaths } = await dialog.showOpenDialog({ ...options, properties: multiple ? ['openFile', 'multiSelections'] : ['openFile'] })
    return { paths: filePaths }
  },
  saveFile: async ({ suggestedName, ...options }) => {
    const { canceled, filePath } = await dialog.showSaveDialog({ ...options, defaultPath: suggestedName })
    return { path: canceled || filePath === '' ? null : filePath }
  },
}
