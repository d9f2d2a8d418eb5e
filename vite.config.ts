import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type EnvironmentOptions } from 'vite'
import { faceFiles } from './build/face-files.ts'
import { scaledLengths } from './build/scaled-lengths.ts'
import { workerPageHtml } from './build/worker-page-html.ts'
import { faceAssets } from './renderer/face/face-assets.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)]
/** Loaded from node_modules at run time: native code, and electron, which exists only inside Electron. */
const native = ['electron', 'better-sqlite3', 'better-sqlite3-multiple-ciphers', 'pkcs11js', '@node-rs/argon2']

interface NodeProgram {
  entries: Record<string, string>
  outDir: string
  format?: 'es' | 'cjs'
  /** Programs that ship inside the package carry their dependencies; the others find them in node_modules. */
  bundled: boolean
}

function nodeProgram({ entries, outDir, format = 'es', bundled }: NodeProgram): EnvironmentOptions {
  const external = [...native, ...builtins]
  return {
    consumer: 'server',
    resolve: bundled ? { noExternal: true, external } : { external },
    build: {
      ssr: true,
      outDir: at(outDir),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, at(path)])),
        external,
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          // A sandboxed preload can load no second file.
          ...(format === 'cjs' ? { codeSplitting: false } : {}),
        },
      },
    },
  }
}

export default defineConfig(({ command }) => ({
  root: at('renderer'),
  base: './',
  plugins: [vue(), Components({ dts: at('renderer/components.d.ts'), resolvers: [ElementPlusResolver()] }), workerPageHtml({ template: at('central/worker-page/index.html'), icon: at('renderer/favicon.svg') }), faceFiles(faceAssets, at('node_modules'))],
  css: { postcss: { plugins: [scaledLengths] } },
  // Chromium reports forbidden inline data under our CSP; files it is.
  build: { assetsInlineLimit: 0 },
  worker: { format: 'es' },
  environments: {
    client: {
      build: { outDir: at('out/renderer'), emptyOutDir: true, target: 'chrome140', modulePreload: { polyfill: false } },
    },
    // `noExternal` holds for builds only: the dev server's module runner has no `require`.
    ...(command === 'build' && {
      browser: nodeProgram({
        entries: {
          'index': 'electron/browser/main.ts',
          'key-process': 'electron/host/ca-key/key-process.ts',
          'roster-reader': 'electron/host/roster/reader-thread.ts',
          'face-scan': 'electron/host/faces/scan/scan-thread.ts',
          'recover': 'electron/browser/recover.ts',
        },
        outDir: 'out/browser',
        bundled: false,
      }),
      central: nodeProgram({
        entries: { server: 'central/server.ts', cli: 'central/operator/cli.ts' },
        outDir: 'out/central',
        bundled: false,
      }),
      workerPage: {
        consumer: 'client',
        // Phones on a site are old: Android WebViews from Chromium 69 on, Safari from iOS 13 on (central/worker-page/old-engines.ts has their missing methods).
        define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
        build: {
          outDir: at('out/worker-page'), emptyOutDir: true, target: ['chrome69', 'safari13'], modulePreload: false,
          rolldownOptions: { input: { page: at('central/worker-page/main.ts') } },
        },
      },
      desktop: nodeProgram({
        entries: {
          main: 'electron/desktop/main.ts',
          'host-process': 'electron/desktop/host-process.ts',
          'key-process': 'electron/desktop/key-process.ts',
          'roster-reader': 'electron/host/roster/reader-thread.ts',
          'face-scan': 'electron/host/faces/scan/scan-thread.ts',
        },
        outDir: 'out/desktop',
        bundled: true,
      }),
      preload: nodeProgram({
        entries: { index: 'electron/desktop/preload.ts' },
        outDir: 'out/preload',
        format: 'cjs',
        bundled: true,
      }),
    }),
  },
  builder: {
    async buildApp(builder) {
      const programs = Object.values(builder.environments).filter(({ name }) => name !== 'ssr')
      for (const program of programs) await builder.build(program)
    },
  },
}))
