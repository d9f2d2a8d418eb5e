import type { BrowserContext, ConsoleMessage, Page } from '@playwright/test'

/** What no page of the product may do, whatever a clerk does. */
export interface PageWatch {
  watch(context: BrowserContext): Promise<void>
  /** Everything that went wrong since it was last asked. */
  takeProblems(): string[]
  readonly contexts: readonly BrowserContext[]
}

/** What Chromium itself writes when the page knocks at a host that was killed on purpose. */
const hostIsGone = /WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/host' failed/

export function createPageWatch(): PageWatch {
  const problems: string[] = []
  const contexts: BrowserContext[] = []
  const add = (page: Page, what: string) => problems.push(`${new URL(page.url()).hash || page.url()}: ${what}`)

  return {
    contexts,
    watch: async (context) => {
      contexts.push(context)
      await context.exposeBinding('reportCspViolation', ({ page }, violation: string) => void add(page, `CSP violation: ${violation}`))
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
          const report = Reflect.get(window, 'reportCspViolation') as (violation: string) => void
          report(`${effectiveDirective} ${blockedURI} at ${sourceFile}:${lineNumber}`)
        })
      })
      context.on('page', (page) => {
        page.on('pageerror', (error) => add(page, `page error: ${error.stack ?? error.message}`))
        page.on('crash', () => add(page, 'the page crashed'))
      })
      context.on('console', (message) => {
        const page = message.page()
        if (page && isUnwanted(message)) add(page, `console ${message.type()}: ${message.text()}`)
      })
    },
    takeProblems: () => problems.splice(0),
  }
}

function isUnwanted(message: ConsoleMessage): boolean {
  if (/content security policy/i.test(message.text())) return true
  return (message.type() === 'error' || message.type() === 'warning') && !hostIsGone.test(message.text())
}
