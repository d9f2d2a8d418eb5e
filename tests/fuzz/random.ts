/** The same numbers for the same seed (mulberry32): whole ones, 0 ≤ n < below. */
export type Pick = (below: number) => number

export function numbers(seed: number): Pick {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below | 0
  }
}

export function oneOf<T>(pick: Pick, list: readonly T[]): T {
  const chosen = list[pick(list.length)]
  if (chosen === undefined) throw new RangeError('nothing to choose from')
  return chosen
}

/** Chooses by weight. */
export function weighted<T>(pick: Pick, choices: readonly (readonly [number, T])[]): T {
  let left = pick(choices.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, choice] of choices) {
    if (left < weight) return choice
    left -= weight
  }
  throw new RangeError('weights do not add up')
}
