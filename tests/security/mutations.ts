/** Wrong values in the place of right ones, by a seed: the same seed makes the same ones again. */

/** mulberry32: numbers from 0 up to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** As many of `all` as wanted, each at most once. */
export function sample<T>(all: readonly T[], count: number, random: () => number): T[] {
  const left = [...all]
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(random() * left.length), 1)[0] as T)
}

export const wrongTexts: readonly string[] = [
  '', ' ', 'x', '0', '-1', '9'.repeat(20), 'null', 'undefined', '__proto__', 'constructor', '../../../etc/passwd', '..\\..\\boot.ini', '%00', '\u0000', 'a\u0000b', '\ud800', '\r\nset-cookie: a=b',
  "' or '1'='1", "'; drop table registration; --", '${7*7}', '{{7*7}}', '<script>alert(1)</script>', '\u202e倒', '𠮷', '\ufeff', 'x'.repeat(5_000), '超'.repeat(3_000), '00000000-0000-0000-0000-000000000000', '[object Object]',
]

const wrongValues: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 53, [], [null], [[]], {}, { a: 1 }, { length: 3 }, { toString: 'x' }, { then: 'x' }, { $ne: null }, ...wrongTexts,
]

export interface Mutation {
  /** What was done to the right value, for a message. */
  readonly what: string
  readonly value: unknown
}

/** Every place of `right` with every wrong value, each field taken away, one added to each object, each list emptied and overfilled. */
export function mutationsOf(right: unknown): Mutation[] {
  return placesIn(right).flatMap((path): Mutation[] => {
    const at = path.join('.') || 'all'
    const there = valueAt(right, path)
    const put = (what: string, value: unknown): Mutation => ({ what: `${at}: ${what}`, value: withValueAt(right, path, value) })
    const wrong = wrongValues.filter((value) => value !== there).map((value) => put(`is ${JSON.stringify(value).slice(0, 40)}`, value))
    const nested = put('is nested deep', nest(60))
    const gone = path.length > 0 ? [{ what: `${at}: is missing`, value: withoutPlace(right, path) }] : []
    return [...wrong, nested, ...gone, ...shapeMutations(there).map(({ what, value }) => put(what, value))]
  })
}

/** Every place with a value of another type than the right one has; none where the right one is null, for nobody knows what else may stand there. */
export function wrongTypesOf(right: unknown): Mutation[] {
  const others = (there: unknown): readonly unknown[] => {
    if (there === null) return []
    const values = [[], [there], {}, { value: there }, 0, true, 'x', JSON.stringify(there)]
    const isObject = typeof there === 'object' && !Array.isArray(there)
    return values.filter((value) => (isObject ? typeof value !== 'object' || Array.isArray(value) : Array.isArray(there) ? !Array.isArray(value) : typeof value !== typeof there))
  }
  return placesIn(right).flatMap((path) =>
    others(valueAt(right, path)).map((value) => ({ what: `${path.join('.') || 'all'}: is ${JSON.stringify(value).slice(0, 40)}`, value: withValueAt(right, path, value) })))
}

function shapeMutations(there: unknown): Mutation[] {
  if (Array.isArray(there)) {
    return [{ what: 'is empty', value: [] }, { what: 'is overfull', value: Array.from({ length: 300 }, () => there[0] as unknown) }, { what: 'has a hole', value: [...(there as unknown[]), null] }]
  }
  if (typeof there !== 'object' || there === null) return []
  const withKey = (key: string, value: unknown) => ({ what: `also has ${key}`, value: Object.fromEntries([...Object.entries(there), [key, value]]) })
  // fromEntries makes `__proto__` a field like any other, and so it goes over the wire.
  return [withKey('extra', 1), withKey('__proto__', { admin: true }), withKey('constructor', { prototype: {} }), withKey('toString', 'x'), withKey('role', 'unit-admin'), withKey('organizationId', nest(1))]
}

export function nest(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

type Path = readonly (string | number)[]

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...keys.flatMap((key) => placesIn((value as Record<string | number, unknown>)[key], [...path, key]))]
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, key) => (inner as Record<string | number, unknown>)[key], value)
}

function withValueAt(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put
  const inner = withValueAt((value as Record<string | number, unknown>)[key], rest, put)
  if (Array.isArray(value)) return (value as unknown[]).map((entry, index) => (index === key ? inner : entry))
  return Object.fromEntries(Object.entries(value as object).map(([name, entry]) => [name, name === key ? inner : entry]))
}

function withoutPlace(value: unknown, path: Path): unknown {
  const parent = valueAt(value, path.slice(0, -1))
  const last = path.at(-1)
  const rest = Array.isArray(parent) ? parent.filter((_, index) => index !== last) : Object.fromEntries(Object.entries(parent as object).filter(([name]) => name !== last))
  return withValueAt(value, path.slice(0, -1), rest)
}
