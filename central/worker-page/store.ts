import * as v from 'valibot'

/** The phone's small store. Where it is switched off or full the page works on, and keeps nothing. */
export interface Store {
  keys(): string[]
  read(key: string): string | null
  /** @returns false where it could not be kept */
  write(key: string, text: string): boolean
  remove(key: string): void
}

/** What some webviews throw at every touch of it is no fault of the page. */
function orElse<T>(otherwise: T, run: () => T): T {
  try {
    return run()
  } catch {
    return otherwise
  }
}

export const phoneStore: Store = {
  keys: () => orElse([], () => Object.keys(localStorage)),
  read: (key) => orElse(null, () => localStorage.getItem(key)),
  write: (key, text) =>
    orElse(false, () => {
      localStorage.setItem(key, text)
      return true
    }),
  remove: (key) => orElse(undefined, () => localStorage.removeItem(key)),
}

/** What lies under this key, where it is what it should be: an older page may have left something else. */
export function kept<S extends v.GenericSchema>(store: Store, key: string, schema: S): v.InferOutput<S> | null {
  const text = store.read(key)
  if (text === null) return null
  const value: unknown = orElse(null, () => JSON.parse(text) as unknown)
  const parsed = v.safeParse(schema, value)
  return parsed.success ? parsed.output : null
}
