/** SHA-256 (FIPS 180-4) of short texts, without waiting: a browser's own answers one by one and late, a hundred thousand times. */

const primes = (count: number): number[] => {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}
const fraction = (x: number) => ((x - Math.floor(x)) * 0x100000000) | 0
const roundConstants = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)))
const start = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)))

const schedule = new Int32Array(64)
const state = new Int32Array(8)

/** @param message ASCII @returns the hash as eight words; overwritten by the next call */
export function sha256Words(message: string): Int32Array {
  const { length } = message
  const blocks = ((length + 8) >> 6) + 1
  state.set(start)
  for (let block = 0; block < blocks; block++) {
    schedule.fill(0, 0, 16)
    for (let index = 0; index < 64; index++) {
      const at = block * 64 + index
      const byte = at < length ? message.charCodeAt(at) : at === length ? 0x80 : 0
      schedule[index >> 2] = (schedule[index >> 2] ?? 0) | (byte << (24 - (index & 3) * 8))
    }
    if (block === blocks - 1) schedule[15] = length * 8
    mix()
  }
  return state
}

function mix(): void {
  const [w, k] = [schedule, roundConstants] as unknown as [number[], number[]]
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15]!, w[i - 2]!]
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const next = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] = (state[i]! + next[i]!) | 0
}
