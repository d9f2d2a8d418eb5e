import { readFileSync } from 'node:fs'

/** Of the bundler's output, what is needed here. */
interface Output {
  readonly type: 'asset' | 'chunk'
  readonly fileName: string
  readonly isEntry?: boolean
}
interface Emitting {
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string
}

/**
 * Vite plug-in: writes the worker page around its files. Vite itself makes pages within its root alone, which is the workstation's.
 * @param paths of central/worker-page/index.html, and of the icon
 */
export const workerPageHtml = ({ template, icon }: { template: string; icon: string }) => ({
  name: 'worker-page-html',
  applyToEnvironment: ({ name }: { name: string }) => name === 'workerPage',
  generateBundle(this: Emitting, _options: unknown, bundle: Readonly<Record<string, Output>>) {
    const files = Object.values(bundle)
    const styles = files.filter(({ fileName }) => fileName.endsWith('.css')).map(({ fileName }) => `<link rel="stylesheet" href="./${fileName}" />`)
    const scripts = files.filter(({ type, isEntry }) => type === 'chunk' && isEntry).map(({ fileName }) => `<script type="module" src="./${fileName}"></script>`)
    this.emitFile({ type: 'asset', fileName: 'assets/icon.svg', source: readFileSync(icon, 'utf8') })
    this.emitFile({ type: 'asset', fileName: 'index.html', source: readFileSync(template, 'utf8').replace('<!--files-->', [...styles, ...scripts].join('\n    ')) })
  },
})
