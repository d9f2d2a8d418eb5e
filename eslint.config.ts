import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import pluginVue from 'eslint-plugin-vue'

const noTopLevelAwaitWhenReady = {
  // `ready` waits for the entry module to finish: awaiting it there never ends (electron#40719).
  selector: 'AwaitExpression:not(:function AwaitExpression)',
  message: 'No top-level await in the desktop shell: app.whenReady() would deadlock.',
}

/** Settings that open a hole, whatever the reason (Electron's security checklist). */
const electronHoles = [
  { selector: "Property[key.name='nodeIntegration'][value.value=true]", message: 'nodeIntegration stays off.' },
  { selector: "Property[key.name='contextIsolation'][value.value=false]", message: 'contextIsolation stays on.' },
  { selector: "Property[key.name='sandbox'][value.value=false]", message: 'The sandbox stays on.' },
  { selector: "Property[key.name='webSecurity'][value.value=false]", message: 'webSecurity stays on.' },
  { selector: "Property[key.name=/^(nodeIntegrationInWorker|nodeIntegrationInSubFrames|allowRunningInsecureContent|experimentalFeatures|webviewTag)$/][value.value=true]", message: 'This stays off.' },
  { selector: "Property[key.name='enableBlinkFeatures']", message: 'No experimental features of the engine.' },
  { selector: "Property[key.name='bypassCSP'][value.value=true]", message: 'The CSP holds for every scheme.' },
  { selector: "CallExpression[callee.property.name='loadURL'] > Literal[value=/^(https?|file):/]", message: 'Pages come from app:// only.' },
  { selector: "CallExpression[callee.property.name='loadFile']", message: 'Pages come from app:// only.' },
]

const everywhere = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
]

export default defineConfigWithVueTs(
  { ignores: ['out/**', 'data/**', 'release/**', 'node_modules/**', 'test-results/**', 'renderer/components.d.ts'] },
  pluginVue.configs['flat/recommended'],
  vueTsConfigs.recommendedTypeChecked,
  {
    rules: {
      'no-restricted-syntax': ['error', ...everywhere],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
      'eqeqeq': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Kysely, Fastify and Playwright hand out methods that need no `this`; async handlers need not await.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
    },
  },
  {
    files: ['electron/desktop/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...electronHoles, noTopLevelAwaitWhenReady] },
  },
  {
    // Tools read their configuration and set-up as the default export; Vue files are default exports by nature.
    files: ['*.config.ts', 'tests/e2e/support/global-setup.ts', '**/*.vue', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': ['error', everywhere[0]!] },
  },
  {
    files: ['build/**', 'tests/**', 'electron/browser/main.ts', 'central/server.ts', 'central/operator/cli.ts'],
    rules: { 'no-console': 'off' },
  },
)
