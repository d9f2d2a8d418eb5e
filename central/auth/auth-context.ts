import type { AccountRole, SignInWay } from '../../shared/domain/statuses.ts'
import type { ServiceContext } from '../service-context.ts'
import type { RevocationChecker } from './ca/revocation/revocation-checker.ts'
import type { TrustStore } from './ca/trust-store.ts'

/** What signing in stands on. */
export interface AuthContext extends ServiceContext {
  readonly auth: AuthConfig
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
  /** Operator switch, off by default: what is submitted must be signed by a CA lock of the unit. */
  readonly submitNeedsSignature: boolean
  /** False only where the service speaks plain http on loopback. */
  readonly secureCookies: boolean
}

/** Who makes a request. */
export interface Principal {
  readonly accountId: string
  readonly organizationId: string
  readonly role: AccountRole
  /** 登记审核. */
  readonly reviewsRegistrations: boolean
  readonly sessionId: string
  readonly deviceId: string
  readonly way: SignInWay
  /** When the session ends, whatever is done in it. */
  readonly expiresAt: Date
}
