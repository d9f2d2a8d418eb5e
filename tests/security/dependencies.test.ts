import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { driftComplaints, licenceComplaints, scriptComplaints, type ByPath, type InstalledPackage, type LockedPackage, type Manifest } from './packages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))

const manifest = read('package.json') as Manifest
const { '': top = {} as LockedPackage, ...locked } = (read('package-lock.json') as { packages: Record<string, LockedPackage> }).packages
const installed: ByPath<InstalledPackage> = Object.fromEntries(packagesIn('node_modules').map((path) => [path, installedAt(path)]))

function packagesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  const names = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const paths = names.flatMap((name) => (name.startsWith('@') ? readdirSync(join(root, folder, name)).map((inner) => `${folder}/${name}/${inner}`) : [`${folder}/${name}`]))
  return paths.filter((path) => existsSync(join(root, path, 'package.json'))).flatMap((path) => [path, ...packagesIn(`${path}/node_modules`)])
}

function installedAt(path: string): InstalledPackage {
  const { version, license, scripts = {} } = read(`${path}/package.json`) as { version: string; license: string | { type: string }; scripts?: Record<string, string> }
  return { version, license: typeof license === 'object' ? license.type : license, scripts: Object.keys(scripts), hasBuildFile: existsSync(join(root, path, 'binding.gyp')) }
}

describe('the packages', () => {
  it('are all looked at', () => {
    expect(Object.keys(locked).length).toBeGreaterThan(500)
    expect(Object.keys(installed).length).toBeGreaterThan(500)
  })

  it('run nothing when they are installed, and of each that would it is written down that it may not', () => {
    expect(scriptComplaints(manifest, locked, installed)).toEqual([])
  })

  it('have a licence that allows what is done with them, the same in the lock file as in the package', () => {
    expect(licenceComplaints(locked, installed)).toEqual([])
  })

  it('are those of package.json and of the lock file, each held to its content', () => {
    expect(driftComplaints(manifest, top as unknown as Manifest, locked, installed)).toEqual([])
  })
})

describe.each(['tests/bench/peers', 'tests/bench/lighthouse'])('the packages that only a measurement runs beside the product (%s)', (folder) => {
  const asked = read(`${folder}/package.json`) as Manifest
  const { '': peersTop = {} as LockedPackage, ...peers } = (read(`${folder}/package-lock.json`) as { packages: Record<string, LockedPackage> }).packages
  // They are installed where the measurement runs, from this lock file alone.
  const there: ByPath<InstalledPackage> = Object.fromEntries(Object.entries(peers).map(([path, { version, license = '' }]) => [path, { version, license, scripts: [], hasBuildFile: false }]))

  it('run nothing when they are installed', () => {
    expect(scriptComplaints(asked, peers, there)).toEqual([])
  })

  it('are those of their package.json and lock file, each held to its content', () => {
    expect(Object.keys(peers).length).toBeGreaterThan(100)
    expect(driftComplaints(asked, peersTop as unknown as Manifest, peers, there)).toEqual([])
  })

  it('are none of the product’s', () => {
    const own = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })
    expect(Object.keys(asked.dependencies ?? {}).filter((name) => own.includes(name) || locked[`node_modules/${name}`])).toEqual([])
  })
})

describe('the check of the packages notices', () => {
  const one: LockedPackage = { version: '1.0.0', license: 'MIT', integrity: `sha512-${'A'.repeat(86)}==` }
  const there: InstalledPackage = { version: '1.0.0', license: 'MIT', scripts: ['test'], hasBuildFile: false }
  const asked: Manifest = { dependencies: { one: '1.0.0' } }
  const scripts = (change: Partial<LockedPackage>, local: Partial<InstalledPackage> = {}, allowScripts = {}) =>
    scriptComplaints({ allowScripts }, { 'node_modules/one': { ...one, ...change } }, { 'node_modules/one': { ...there, ...local } })
  const licences = (license: string, dev = false) => licenceComplaints({ 'node_modules/one': { ...one, license, dev } }, { 'node_modules/one': { ...there, license } })
  const drift = (change: { manifest?: Manifest; root?: Manifest; locked?: ByPath<LockedPackage>; installed?: ByPath<InstalledPackage> } = {}) =>
    driftComplaints(change.manifest ?? asked, change.root ?? asked, change.locked ?? { 'node_modules/one': one }, change.installed ?? { 'node_modules/one': there })

  const renamed = (version: string) => {
    const manifest = { dependencies: { one: `npm:@scope/other@${version}` } }
    return drift({ manifest, root: manifest })
  }

  it('nothing where all is in order', () => {
    expect([scripts({}), licences('MIT'), licences('(GPL-3.0 OR MIT)'), licences('MPL-2.0', true), drift(), renamed('1.0.0')].flat()).toEqual([])
  })

  it.each<[string, string[]]>([
    ['an install script that the lock file tells of', scripts({ hasInstallScript: true })],
    ['one that only the package tells of', scripts({}, { scripts: ['postinstall'] })],
    ['a package that is built although it names no script', scripts({}, { hasBuildFile: true })],
    ['a script that was let through', scripts({ hasInstallScript: true }, {}, { one: true })],
    ['a decision about a package without a script', scripts({}, {}, { one: false })],
    ['a licence that is not on the list', licences('GPL-3.0')],
    ['one that is for tools only, in what ships', licences('MPL-2.0')],
    ['no licence', licences('UNLICENSED')],
    ['two licences that both hold, one of them not on the list', licences('MIT AND GPL-2.0')],
    ['a licence that was changed in the package', licenceComplaints({ 'node_modules/one': one }, { 'node_modules/one': { ...there, license: 'ISC' } })],
    ['a dependency added to package.json alone', drift({ manifest: { dependencies: { one: '1.0.0', two: '1.0.0' } } })],
    ['one taken away from package.json alone', drift({ manifest: {} })],
    ['another version in package.json', drift({ manifest: { dependencies: { one: '1.0.1' } } })],
    ['another version installed', drift({ installed: { 'node_modules/one': { ...there, version: '1.0.1' } } })],
    ['another version of one under another name', renamed('1.0.1')],
    ['a package that is not installed', drift({ installed: {} })],
    ['a package that nobody locked', drift({ installed: { 'node_modules/one': there, 'node_modules/two': there } })],
    ['a package without a hash', drift({ locked: { 'node_modules/one': { version: '1.0.0', license: 'MIT' } } })],
    ['a weak hash', drift({ locked: { 'node_modules/one': { ...one, integrity: 'sha1-AAAA' } } })],
    ['a package from an address of its own', drift({ locked: { 'node_modules/one': { ...one, resolved: 'git+ssh://elsewhere.example/one.git' } } })],
  ])('%s', (_what, complaints) => {
    expect(complaints.length).toBeGreaterThan(0)
  })
})
