/** What the product must never do, seen. */
export class Violation extends Error {}

export function claim(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new Violation(message())
}
