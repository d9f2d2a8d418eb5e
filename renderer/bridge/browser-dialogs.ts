import { shellEvents } from '../../shared/wire/shell-events.ts'
import { onShellEvent } from './bridge.ts'

/** Chromium's own dialogs for the browser shell, which has no others. Only the page in which the user has just pressed something opens one. */
export function serveBrowserDialogs(): void {
  onShellEvent(shellEvents.choose, (data) => {
    const { ticket, multiple, accept } = data as { ticket: string; multiple: boolean; accept: string[] }
    if (navigator.userActivation.isActive) void choose(ticket, multiple, accept)
  })
  onShellEvent(shellEvents.download, (data) => {
    if (document.visibilityState === 'visible') download((data as { ticket: string }).ticket)
  })
}

async function choose(ticket: string, multiple: boolean, accept: string[]): Promise<void> {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = multiple
  input.accept = accept.join(',')
  const chosen = new Promise<readonly File[]>((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
  })
  input.click()
  await put(ticket, 'opened')
  for (const file of await chosen) await put(ticket, 'file', file)
  await put(ticket, 'done')
}

function put(ticket: string, step: 'opened' | 'file' | 'done', file?: File): Promise<Response> {
  return fetch(`/dialogs/${ticket}/${step}`, { method: 'PUT', ...(file && { body: file, headers: { 'x-file-name': encodeURIComponent(file.name) } }) })
}

function download(ticket: string): void {
  const link = document.createElement('a')
  link.href = `/dialogs/${ticket}`
  link.download = ''
  link.click()
}
