import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, repository, sourceFiles, type Import } from './source-files.ts'

interface Layer {
  folder: string
  /** Other folders of ours it may import from. */
  mayUse: string[]
  packages?: RegExp
}

/** docs/ARCHITECTURE.md, dependency rule. */
const layers: Layer[] = [
  { folder: 'shared', mayUse: [], packages: /^valibot$/ },
  {
    folder: 'renderer',
    mayUse: ['shared'],
    packages: /^(vue|vue-router|pinia|element-plus|@element-plus\/icons-vue|dayjs|valibot|qrcode|cropperjs|pdfjs-dist|@vladmandic\/face-api)$/,
  },
  { folder: 'electron/host', mayUse: ['shared'] },
  { folder: 'electron/shell-common', mayUse: ['shared', 'electron/host'] },
  { folder: 'electron/desktop', mayUse: ['shared', 'electron/host', 'electron/shell-common'] },
  { folder: 'electron/browser', mayUse: ['shared', 'electron/host', 'electron/shell-common'] },
  { folder: 'central', mayUse: ['shared'] },
  { folder: 'central/worker-page', mayUse: ['shared'], packages: /^(vue|valibot)$/ },
  { folder: 'build', mayUse: ['shared', 'central', 'electron/host'] },
]

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const importsWithin = (folder: string) => sourceFiles.filter((path) => isWithin(path, folder)).flatMap(importsOf)
const show = ({ from, target }: Import) => `${from} → ${target}`

describe.each(layers)('$folder', ({ folder, mayUse, packages }) => {
  it('imports only from the folders it may use', () => {
    const strays = importsWithin(folder).filter(({ own, target }) => own && ![folder, ...mayUse].some((other) => isWithin(target, other)))
    expect(strays.map(show)).toEqual([])
  })

  if (packages) {
    it('imports only the packages it may use', () => {
      const strays = importsWithin(folder).filter(({ own, target }) => !own && !packages.test(target))
      expect(strays.map(show)).toEqual([])
    })
  }
})

describe('the whole repository', () => {
  const all = sourceFiles.flatMap(importsOf)

  it('is seen by this scan', () => {
    for (const folder of ['shared', 'electron/host', 'electron/desktop', 'electron/browser', 'central', 'renderer']) {
      expect(importsWithin(folder).length, folder).toBeGreaterThan(0)
    }
  })

  it('imports nothing of the worker page into the central service that sends it', () => {
    const strays = importsWithin('central').filter(({ from, target }) => isWithin(target, 'central/worker-page') && !isWithin(from, 'central/worker-page'))
    expect(strays.map(show)).toEqual([])
  })

  it('imports electron in the desktop shell alone', () => {
    const strays = all.filter(({ from, target }) => target === 'electron' && !/^(electron\/desktop|tests\/unit\/desktop)\//.test(from))
    expect(strays.map(show)).toEqual([])
  })

  it('imports a shell from tests alone', () => {
    const shell = /^electron\/(desktop|browser)\//
    const strays = all.filter(({ from, target }) => shell.test(target) && !shell.test(from) && !from.startsWith('tests/'))
    expect(strays.map(show)).toEqual([])
  })

  it('imports files that exist, by their full names', () => {
    const missing = all.filter(({ own, target }) => own && !existsSync(join(repository, target)))
    expect(missing.map(show)).toEqual([])
  })

  it('imports nothing of the program into a migration: it is frozen, the program is not', () => {
    const migrations = sourceFiles.filter((path) => /\/migrations\/\d/.test(path))
    expect(migrations.length).toBeGreaterThan(0)
    const strays = migrations.flatMap(importsOf).filter(({ own, target }) => own || !/^(kysely|pinyin-pro|node:\w+)$/.test(target))
    expect(strays.map(show)).toEqual([])
  })

  it('numbers migrations without a gap', () => {
    const byFolder = Map.groupBy(
      sourceFiles.filter((path) => /\/migrations\/\d/.test(path)),
      (path) => path.slice(0, path.lastIndexOf('/')),
    )
    for (const [folder, paths] of byFolder) {
      const names = paths.map((path) => path.slice(folder.length + 1)).sort()
      expect(names.map((name) => name.slice(0, 5)), folder).toEqual(names.map((_, index) => `${String(index + 1).padStart(4, '0')}-`))
    }
  })
})
