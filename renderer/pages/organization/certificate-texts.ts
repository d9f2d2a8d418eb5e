const day = 86_400_000

/** The CN of an issuer as the central service spells it (`C=CN,O=…,CN=…`), else its O, else all of it. */
export function issuerName(issuer: string): string {
  const parts = issuer.split(',').map((part) => part.split('='))
  const of = (wanted: string) => parts.find(([name]) => name === wanted)?.[1]
  return of('CN') ?? of('O') ?? issuer
}

/** Enough of a code to tell it from another one. */
export function shortened(code: string): string {
  return code.length <= 12 ? code : `${code.slice(0, 4)}…${code.slice(-4)}`
}

/** Whole days from now; below 0: it has passed. */
export function daysUntil(instant: string, now = Date.now()): number {
  return Math.floor((Date.parse(instant) - now) / day)
}
