/** Waits between attempts, in ms: 1 s doubling to 5 min, each with up to half of it taken off at random. */
const shortest = 1_000
const longest = 300_000

/**
 * @param failures attempts that failed in a row, from 1
 * @param random 0 ≤ x < 1; spreads the workstations of an office that lost the line together
 */
export function backoffDelay(failures: number, random: number): number {
  const full = Math.min(longest, shortest * 2 ** Math.min(failures - 1, 20))
  return Math.round(full * (1 - random / 2))
}
