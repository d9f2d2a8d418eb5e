import { hashPassword } from '../../central/auth/passwords.ts'

const hashed = new Map<string, Promise<string>>()

/** As `hashPassword`, which is slow on purpose: once a password and file is enough. */
export function hashedOnce(password: string): Promise<string> {
  const known = hashed.get(password) ?? hashPassword(password)
  hashed.set(password, known)
  return known
}
