import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './build/test/longest-first.ts'
import { memoryFolder } from './build/test/memory-folder.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Whole programs start in these. */
const patient = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // They wait for programs, disks and timers for a third of the time, so two cores have room for one more.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // As the integration tests: no file may change a module for itself.
          isolate: false,
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          exclude: ['tests/unit/desktop/**', 'tests/unit/renderer/**'],
          // Passwords are slow on purpose, and a busy machine makes them slower.
          testTimeout: 20_000,
        },
      },
      {
        // A stray `electron` import in Node would start a download; here it is the stand-in.
        resolve: { alias: { electron: at('tests/support/fake-electron.ts') } },
        test: { name: 'desktop', environment: 'node', include: ['tests/unit/desktop/**/*.test.ts'] },
      },
      {
        plugins: [vue(), Components({ dts: false, resolvers: [ElementPlusResolver({ importStyle: false })] })],
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['tests/unit/renderer/**/*.test.ts'],
          // The first import of Element Plus takes seconds.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['tests/integration/**/*.test.ts', 'tests/security/**/*.test.ts'],
          env: { TMPDIR: memoryFolder },
          globalSetup: 'build/test/memory-folder.ts',
          // The central service's packages are loaded once a process, not once a file: no file may change a module for itself (vi.mock).
          isolate: false,
          ...patient,
        },
      },
      // On the disk, which is what many of them are about.
      { test: { name: 'faults', environment: 'node', include: ['tests/faults/**/*.test.ts'], ...patient } },
    ],
  },
})
