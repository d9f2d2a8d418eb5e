import { hash, verify, type Algorithm } from '@node-rs/argon2'

/** argon2id; the package declares it as a const enum, which isolated modules cannot read. */
const argon2id = 2 as Algorithm.Argon2id

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. */
const options = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The encoded hash, with its salt and parameters. Takes about 30 ms and 19 MiB. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), options)
}

/** Made with today's parameters at start, so that it costs what a real one costs. */
const nobodysHash = hashPassword('no account has this hash')

/** `passwordHash` undefined: there is no such account, and finding that out takes as long as a wrong password. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await nobodysHash), password.normalize('NFC'))
  return isRight && passwordHash !== undefined
}
