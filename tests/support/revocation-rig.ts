import { readCertificate, type Certificate } from '../../central/auth/ca/certificate.ts'
import { createRevocationChecker, type RevocationOptions } from '../../central/auth/ca/revocation/create-revocation-checker.ts'
import type { RevocationSource } from '../../central/auth/ca/revocation/revocation-sources.ts'
import type { CentralDb } from '../../central/database/database.ts'
import { openCentralDatabase, type DatabaseLocation } from '../../central/database/open.ts'
import { makeAuthority, makeLeaf, type TestAuthority } from './certificates.ts'

export const read = ({ certificate }: TestAuthority): Certificate => readCertificate(Buffer.from(certificate.rawData))

/** A CA under a root, a lock of it, and checkers that ask where a test says. */
export async function startRevocationRig(location: DatabaseLocation = { kind: 'sqlite', path: ':memory:' }) {
  const database = await openCentralDatabase(location)
  const root = await makeAuthority({})
  const ca = await makeAuthority({ pathLength: 0 }, root)
  const lock = await makeLeaf(ca)
  const issuers = [read(ca), read(root)]
  const clock = { ahead: 0, now: () => new Date(Date.now() + clock.ahead), pass: (seconds: number) => void (clock.ahead += seconds * 1000) }
  const log: Readonly<Record<string, unknown>>[] = []

  function checker(source: Partial<RevocationSource> | null, options: Partial<Pick<RevocationOptions, 'grace' | 'patience' | 'sources'>> & { db?: CentralDb; ofRoot?: Partial<RevocationSource> } = {}) {
    const { ofRoot, ...others } = options
    const none = { ocsp: null, crl: null }
    const named = [source && ([read(ca).sha256, { ...none, ...source }] as const), ofRoot && ([read(root).sha256, { ...none, ...ofRoot }] as const)]
    const sources = new Map(named.filter((one) => one !== null && one !== undefined))
    return createRevocationChecker({ sources, grace: false, db: database.db, clock, log: (entry) => void log.push(entry), ...others })
  }

  return {
    db: database.db, root, ca, lock, issuers, clock, log, checker,
    statusOf: (asked: ReturnType<typeof checker>, { der }: { der: Buffer } = lock, purpose = 'login') => asked.statusOf(readCertificate(der), issuers, purpose),
    /** Why the last answer was unusable. */
    reason: () => log.at(-1)?.['reason'],
    close: () => database.close(),
  }
}

export type RevocationRig = Awaited<ReturnType<typeof startRevocationRig>>
