/** A key counts as pulled when it is missing this many looks in a row: some readers blink. */
const missesUntilRemoved = 2

export interface KeyPresence {
  /** From now on removal of this key is told; null: of none. */
  watch(serial: string | null): void
  /** What the latest look showed; null: nothing could be asked, and so nobody vouches for the key. */
  saw(serials: readonly string[] | null): void
}

/** Tells once when the watched key is gone. */
export function createKeyPresence(removed: () => void): KeyPresence {
  let watched: string | null = null
  let misses = 0
  return {
    watch: (serial) => {
      watched = serial
      misses = 0
    },
    saw: (serials) => {
      if (watched === null) return
      misses = serials?.includes(watched) ? 0 : misses + 1
      if (misses < missesUntilRemoved) return
      watched = null
      removed()
    },
  }
}
