import type { Page, WebSocketRoute } from '@playwright/test'

export interface CuttableHost {
  /** The page loses its host, which itself goes on; every attempt to reach it again fails. */
  cut(): Promise<void>
  restore(): void
}

/** Stands between a page and its host from now on. Loads the page again, as a connection that is open already passes by. */
export async function openCuttableHost(page: Page): Promise<CuttableHost> {
  const open = new Set<WebSocketRoute>()
  let isCut = false
  await page.routeWebSocket(/\/host$/, (socket) => {
    if (isCut) return void socket.close()
    open.add(socket)
    socket.connectToServer()
  })
  await page.reload()
  return {
    cut: async () => {
      isCut = true
      await Promise.all([...open].map((socket) => socket.close()))
      open.clear()
    },
    restore: () => {
      isCut = false
    },
  }
}
