/** The two timers that every environment has, so that `shared` needs neither DOM nor Node typings. */
interface Timers {
  setTimeout(handler: () => void, milliseconds: number): unknown
  clearTimeout(handle: unknown): void
}

const { setTimeout, clearTimeout } = globalThis as unknown as Timers

export function after(milliseconds: number, handler: () => void): () => void {
  const handle = setTimeout(handler, milliseconds)
  return () => clearTimeout(handle)
}
