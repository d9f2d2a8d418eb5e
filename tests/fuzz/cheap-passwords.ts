import crypto, { type ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Loaded before a workstation's host: its password verifiers cost next to nothing. A fifth of a second for each sign-in
 * would be most of a run's time, and passwords are not what a run is about.
 */
const original = crypto.scrypt
const cheap = (password: string, salt: Buffer, length: number, _options: ScryptOptions, done: (error: Error | null, key: Buffer) => void) =>
  original(password, salt, length, { N: 2, r: 1, p: 1 }, done)
crypto.scrypt = cheap as typeof crypto.scrypt
syncBuiltinESMExports()
