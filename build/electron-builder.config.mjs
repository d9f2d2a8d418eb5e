// Packages the desktop program for Windows. Not run on the machines that build and
// test this repository (they cannot fetch Electron): see docs/ARCHITECTURE.md, "Not verified on a build machine".
import { closeSync, globSync, openSync, readFileSync, readSync } from 'node:fs'
import { join, resolve } from 'node:path'

const repository = join(import.meta.dirname, '..')
const { version: electronVersion } = JSON.parse(readFileSync(join(repository, 'node_modules/electron/package.json'), 'utf8'))

/** Native modules, which the bundles leave outside. Nothing else of node_modules ships: it is in the bundles. */
const native = ['better-sqlite3-multiple-ciphers', 'pkcs11js']

/** First bytes of a native module for each system: PE, ELF. */
const magicBytes = { win32: '4d5a', linux: '7f45' }

/** @type {import('electron-builder').Configuration} */
const configuration = {
  appId: 'cn.gov.sh.fgj.xiushan.workstation',
  productName: '修缮实名制工作站',
  artifactName: 'xiushan-workstation-${version}-${os}-${arch}.${ext}',
  directories: { output: 'release', buildResources: 'resources' },
  electronVersion,
  // A folder that holds an unpacked Electron, where it cannot be fetched.
  ...(process.env.ELECTRON_DIST ? { electronDist: resolve(process.env.ELECTRON_DIST) } : {}),
  electronLanguages: ['zh-CN', 'en-US'],
  // Smart unpacking would put whole JavaScript packages outside the archive whose integrity is checked.
  asar: { smartUnpack: false },
  asarUnpack: ['**/*.node'],
  // Both native modules are Node-API: one binary serves every Electron.
  npmRebuild: false,
  // The browser shell and the central service never ship in it.
  // For node_modules only exclusions count, and one that stands here beats anything a platform adds.
  files: [
    'package.json',
    'out/desktop/**',
    'out/preload/**',
    'out/renderer/**',
    '!**/*.map',
    `!node_modules/!(${native.join('|')}){,/**}`,
    '!node_modules/better-sqlite3-multiple-ciphers/{deps,src,build,binding.gyp}{,/**}',
    '!node_modules/pkcs11js/{src,includes,build,binding.gyp}{,/**}',
  ],
  extraResources: [{ from: 'resources', to: '.' }, ...(process.env.WORKSTATION_SETTINGS ? [{ from: process.env.WORKSTATION_SETTINGS, to: 'workstation.json' }] : [])],
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  win: {
    target: [{ target: 'nsis', arch: ['x64'] }],
    requestedExecutionLevel: 'asInvoker',
    // Here and not in `files`: the top-level macros speak of the machine that packs. The first entry is positive,
    // because a list of negations alone would add everything.
    files: [
      'package.json',
      '!node_modules/better-sqlite3-multiple-ciphers/prebuilds/!(win32-${arch}.node)',
      { from: 'out/native/win32-${arch}', to: 'node_modules/pkcs11js/build/Release', filter: ['pkcs11.node'] },
    ],
  },
  nsis: {
    oneClick: false,
    perMachine: true,
    allowToChangeInstallationDirectory: true,
    installerLanguages: ['zh_CN', 'en_US'],
    language: '2052',
    shortcutName: '修缮实名制工作站',
    // What clerks have entered outlives the program.
    deleteAppDataOnUninstall: false,
  },
  linux: {
    target: ['dir'],
    executableName: 'xiushan-workstation',
    files: [
      'package.json',
      '!node_modules/better-sqlite3-multiple-ciphers/prebuilds/!(linux-${arch}.node)',
      { from: 'node_modules/pkcs11js/build/Release', to: 'node_modules/pkcs11js/build/Release', filter: ['pkcs11.node'] },
    ],
  },
  publish: null,
  beforePack: () => {
    if (!process.env.WORKSTATION_SETTINGS) throw new Error('Set WORKSTATION_SETTINGS to a workstation.json that names the central service.')
  },
  afterPack: (context) => checkNativeModules(context),
}

/** electron-builder would pack a Linux module for Windows without a word. */
function checkNativeModules({ appOutDir, electronPlatformName }) {
  const unpacked = join(appOutDir, 'resources', 'app.asar.unpacked')
  const modules = globSync('**/*.node', { cwd: unpacked })
  for (const module of modules) {
    if (firstBytes(join(unpacked, module)) !== magicBytes[electronPlatformName]) throw new Error(`${module} is not built for ${electronPlatformName}`)
  }
  for (const name of native) {
    if (!modules.some((module) => module.includes(name))) throw new Error(`native module missing: ${name}`)
  }
}

function firstBytes(path) {
  const bytes = Buffer.alloc(2)
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, 2, 0)
  } finally {
    closeSync(file)
  }
  return bytes.toString('hex')
}

// electron-builder reads the default export.
export { configuration as default }
