/** What a lock file and what is installed say of the packages, and what is wrong with it. No network: only what lies here. */

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  /** npm's own list of packages whose install scripts may run (true) or are known and never run (false). */
  readonly allowScripts?: Readonly<Record<string, boolean>>
}

export interface LockedPackage {
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly link?: boolean
}

/** As it lies in node_modules. */
export interface InstalledPackage {
  readonly version: string
  readonly license: string
  readonly scripts: readonly string[]
  /** npm builds such a package at its installation although it names no script. */
  readonly hasBuildFile: boolean
}

export type ByPath<T> = Readonly<Record<string, T>>

export const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Packages that would run something when they are installed, and about which nothing has been decided; and decisions about none. */
export function scriptComplaints({ allowScripts = {} }: Manifest, locked: ByPath<LockedPackage>, installed: ByPath<InstalledPackage>): string[] {
  const runs = (path: string) => {
    const there = installed[path]
    return locked[path]?.hasInstallScript === true || (there !== undefined && (there.hasBuildFile || there.scripts.some((name) => ['preinstall', 'install', 'postinstall'].includes(name))))
  }
  const running = new Set(Object.keys({ ...locked, ...installed }).filter(runs).map(nameOf))
  return [
    ...[...running].filter((name) => !Object.hasOwn(allowScripts, name)).map((name) => `${name} has an install script`),
    ...Object.keys(allowScripts).filter((name) => !running.has(name)).map((name) => `${name} is decided upon and has no install script`),
    ...Object.keys(allowScripts).filter((name) => allowScripts[name] === true).map((name) => `${name} runs its install script`),
  ]
}

/** May be used with a notice. */
const free = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0', 'WTFPL']
/** For tools that never ship: changed files of theirs would have to be shown, and none are changed. */
const freeForTools = [...free, 'MPL-2.0']

export function licenceComplaints(locked: ByPath<LockedPackage>, installed: ByPath<InstalledPackage>): string[] {
  return Object.entries(locked).flatMap(([path, { license = 'none', dev = false }]) => {
    const allowed = dev ? freeForTools : free
    // Of several to choose from one has to be allowed; of several that all hold, all.
    const isAllowed = license.replace(/[()]/g, '').split(' OR ').some((choice) => choice.split(' AND ').every((one) => allowed.includes(one)))
    const told = installed[path]?.license
    return [...(isAllowed ? [] : [`${path}: ${license}`]), ...(told !== undefined && told !== license ? [`${path}: ${license} in the lock file, ${told} in the package`] : [])]
  })
}

/** Of a package under another name as well: `npm:name@version`. */
const versionOf = (asked: string | undefined) => asked?.replace(/^npm:.+@/, '')

/** Where manifest, lock file and node_modules tell of different packages, or the lock file does not hold them to what they were. */
export function driftComplaints(manifest: Manifest, root: Manifest, locked: ByPath<LockedPackage>, installed: ByPath<InstalledPackage>): string[] {
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
  const direct = groups.flatMap((group) => Object.entries({ ...root[group], ...manifest[group] }).map(([name]) => ({ group, name })))
  return [
    ...direct.filter(({ group, name }) => manifest[group]?.[name] !== root[group]?.[name]).map(({ name }) => `${name} differs between package.json and the lock file`),
    ...direct.filter(({ group, name }) => locked[`node_modules/${name}`]?.version !== versionOf(manifest[group]?.[name])).map(({ name }) => `${name} is not locked as package.json asks`),
    ...Object.entries(locked).filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity)).map(([path]) => `${path} has no sha512`),
    ...Object.entries(locked).filter(([, { resolved, link }]) => resolved !== undefined || link).map(([path]) => `${path} names where it comes from`),
    ...Object.entries(locked).flatMap(([path, { version, optional }]) => {
      const there = installed[path]
      if (!there) return optional ? [] : [`${path} is not installed`]
      return there.version === version ? [] : [`${path} is ${there.version}, not ${version}`]
    }),
    ...Object.keys(installed).filter((path) => !Object.hasOwn(locked, path)).map((path) => `${path} is installed and not locked`),
  ]
}
