/**
 * What Android WebViews from Chromium 69 and Safari from 13 on do not have and this page, or what it imports, calls. Syntax is lowered by the
 * build; a missing method is not. tests/e2e takes these away from today's browser before the page loads.
 */
type Missing = Readonly<Record<string, (this: never, ...given: never[]) => unknown>>

function lend(target: object, methods: Missing): void {
  for (const name of Object.keys(methods)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: methods[name], writable: true, configurable: true })
  }
}

lend(Object, {
  fromEntries(entries: Iterable<readonly [string, unknown]>) {
    const object: Record<string, unknown> = {}
    for (const [key, value] of entries) object[key] = value
    return object
  },
  hasOwn: (object: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(object, key),
})

function at(this: ArrayLike<unknown>, index: number): unknown {
  return this[index < 0 ? this.length + index : index]
}

lend(Array.prototype, {
  at,
  flatMap(this: unknown[], visit: (item: unknown, index: number, all: unknown[]) => unknown) {
    return ([] as unknown[]).concat(...this.map(visit))
  },
  toReversed(this: unknown[]) {
    return this.slice().reverse()
  },
  toSorted(this: unknown[], compare?: (a: unknown, b: unknown) => number) {
    return this.slice().sort(compare)
  },
})

lend(String.prototype, {
  at,
  replaceAll(this: string, wanted: string, by: string) {
    return this.split(wanted).join(by)
  },
})
