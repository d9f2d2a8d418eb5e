import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countPlaywright, countVitest, type Step } from './step.ts'

/** TypeScript 7 is several times as fast; what reads its API, vue-tsc and eslint, stays with 6 (docs/adr/0045). */
const types = (layer: string): Step => ({ name: `types of ${layer}`, command: 'node', args: ['node_modules/typescript-native/bin/tsc', '-p', `tsconfig.${layer}.json`] })

export const build: Step = { name: 'build', command: 'node', args: ['build/bundle.ts'] }

/** First of all: the types of the other layers, and lint, read the declarations that it writes. */
export const sharedTypes = types('shared')

export const nodeTypes = ['host', 'desktop', 'preload', 'browser', 'central', 'build'].map(types)

export const testTypes = types('tests')

/** After the build: that writes the declarations of the components that templates use. */
export const pageTypes: Step = { name: 'types of renderer', command: 'vue-tsc', args: ['-p', 'tsconfig.renderer.json'] }

export const workerPageTypes: Step = { name: 'types of worker page', command: 'vue-tsc', args: ['-p', 'tsconfig.worker-page.json'] }

export const lint: Step = { name: 'lint', command: 'eslint', args: ['.', '--max-warnings', '0'], inSpareTime: true }

const results = mkdtempSync(join(tmpdir(), 'workstation-test-results-'))
process.on('exit', () => rmSync(results, { recursive: true, force: true }))

/** @param projects names in vitest.config.ts; none: all */
export function vitest(name: string, projects: string[] = []): Step {
  const file = join(results, `${name}.json`)
  const chosen = projects.flatMap((project) => ['--project', project])
  return {
    name,
    command: 'vitest',
    args: ['run', ...chosen, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    count: () => countVitest(file),
  }
}

export function playwright(): Step {
  const file = join(results, 'playwright.json')
  return {
    name: 'end to end',
    command: 'playwright',
    args: ['test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    count: () => countPlaywright(file),
  }
}
