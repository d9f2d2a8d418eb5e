import { ipcRenderer } from 'electron'
import { pagePortGiven, pagePortWanted } from '../../shared/wire/page-port.ts'

/** Hands the page its port to the host, and gives it nothing else: no function of Electron's reaches the page. */
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === pagePortWanted) ipcRenderer.send(pagePortWanted)
})
ipcRenderer.on(pagePortGiven, (event) => {
  window.postMessage(pagePortGiven, window.location.origin, event.ports)
})
