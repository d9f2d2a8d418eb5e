import type * as v from 'valibot'
import type { Kysely } from 'kysely'
import type { organizationResource } from '../../shared/api/resources.ts'
import type { AccountRole, SignInWay } from '../../shared/domain/statuses.ts'
import type { Database } from './sign-in.tables.ts'
import type { RevocationChecker } from './ca/revocation.ts'
import type { TrustStore } from './ca/trust-store.ts'

/** What signing in needs of the service around it. */
export interface AuthContext {
  readonly db: Kysely<Database>
  readonly clock: { now(): Date }
  readonly auth: AuthConfig
  /** Which life of the database this is. */
  readonly epoch: string
  readOrganization(db: Kysely<Database>, id: string): Promise<v.InferOutput<typeof organizationResource>>
  audit(db: Kysely<Database>, event: AuditEvent): Promise<void>
}

export interface AuthConfig {
  /** https origin under which workstations know this service; CA locks sign it. */
  readonly audience: string
  readonly trust: TrustStore
  readonly revocation: RevocationChecker
  /**
   * Operator switch, off by default: the CA lock proves the unit, the password proves the clerk, and both are wanted at
   * every sign-in. Then a lock alone must be followed by a password, and a password alone is refused.
   */
  readonly caNeedsPassword: boolean
  /** False only where the service speaks plain http on loopback. */
  readonly secureCookies: boolean
}

/** Codes and ids only: no token, no name, no certificate text beyond its fingerprint. */
export interface AuditEvent {
  readonly kind: 'signed-in' | 'sign-in-refused' | 'certificate-first-seen' | 'certificate-further-seen' | 'session-suspended' | 'signed-out'
  readonly organizationId: string | null
  readonly accountId: string | null
  readonly deviceId: string
  readonly details: Readonly<Record<string, string>>
}

/** Who makes a request. */
export interface Principal {
  readonly accountId: string
  readonly organizationId: string
  readonly role: AccountRole
  readonly sessionId: string
  readonly deviceId: string
  readonly way: SignInWay
  /** When the session ends, whatever is done in it. */
  readonly expiresAt: Date
}
