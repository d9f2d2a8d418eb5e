import { loginPurpose } from '../../../../shared/domain/ca-login-bytes.ts'
import type { CentralDb } from '../../../database/database.ts'
import type { Certificate } from '../certificate.ts'
import { createListClient, type FoundList } from './list-client.ts'
import { createOcspClient } from './ocsp.ts'
import type { RevocationChecker, RevocationStatus } from './revocation-checker.ts'
import type { RevocationSources } from './revocation-sources.ts'
import { noteFinding, wasGoodLately, type Finding } from './standings.repository.ts'
import { UnusableAnswer, whyUnusable } from './unusable-answer.ts'

export interface RevocationOptions {
  readonly sources: RevocationSources
  /** Operator switch: a sign-in may stand on a good answer of the last 24 hours where none can be had now. */
  readonly grace: boolean
  readonly db: CentralDb
  readonly clock: { now(): Date }
  readonly log: (entry: Readonly<Record<string, unknown>>) => void
  /** Milliseconds. Together less than a workstation waits for its sign-in. */
  readonly patience?: { readonly ocsp: number; readonly crl: number }
}

/** From what lets in to what refuses. */
const fromBest: readonly RevocationStatus[] = ['good', 'good-cached', 'not-checked', 'unknown', 'revoked']

/** OCSP first, then the CRL, of each CA that the operator has named a place for. */
export function createRevocationChecker({ sources, grace, db, clock, log, patience = { ocsp: 5_000, crl: 3_000 } }: RevocationOptions): RevocationChecker {
  const now = () => clock.now()
  /** @throws a fault of our own, which must not pass for a CA's silence */
  const logUnusable = (source: 'ocsp' | 'crl', issuer: Certificate, error: unknown) => {
    const reason = whyUnusable(error)
    if (reason === undefined) throw error
    log({ level: 'warn', message: 'no usable answer about revocation', source, issuer: issuer.sha256, reason })
  }
  const ocspClient = createOcspClient({ now, deadline: patience.ocsp })
  const lists = createListClient({ now, patience: patience.crl, onFailure: (issuer, error) => logUnusable('crl', issuer, error) })

  /** Undefined where the source says nothing usable. */
  async function answerOf(source: 'ocsp' | 'crl', issuer: Certificate, ask: () => Promise<Finding>): Promise<Finding | undefined> {
    try {
      return await ask()
    } catch (error) {
      logUnusable(source, issuer, error)
      return undefined
    }
  }

  /** A responder that its CA has taken back goes on signing as before; only the CA's list tells. */
  async function checkResponder(responder: Certificate, askList: AskList | null): Promise<void> {
    if (!askList) throw new UnusableAnswer('responder may be revoked: neither nocheck nor short-lived, and no list named')
    const finding = await askList(responder).catch((error: unknown) => {
      const reason = whyUnusable(error)
      throw reason === undefined ? error : new UnusableAnswer(`responder may be revoked: ${reason}`)
    })
    if ((await noteFinding(db, responder.fingerprint, finding)) === 'revoked') throw new UnusableAnswer('responder revoked')
  }

  async function statusUnder(certificate: Certificate, issuer: Certificate, purpose: string): Promise<RevocationStatus> {
    const source = sources.get(issuer.sha256)
    if (!source) return 'not-checked'
    const { ocsp, crl } = source
    const askList = crl === null ? null : askingOnce(() => lists.listOf(crl, issuer))
    const finding =
      (ocsp === null ? undefined : await answerOf('ocsp', issuer, () => ocspClient.ask(ocsp, certificate, issuer, (responder) => checkResponder(responder, askList)))) ??
      (askList === null ? undefined : await answerOf('crl', issuer, () => askList(certificate)))
    if (finding) return noteFinding(db, certificate.fingerprint, finding)
    return grace && purpose === loginPurpose && (await wasGoodLately(db, certificate.fingerprint, now())) ? 'good-cached' : 'unknown'
  }

  return {
    statusOf: async (certificate, issuers, purpose) => {
      // The root, which is last, is asked about nowhere: the operator revokes it, by pinning it no longer.
      const [own = 'not-checked', ...ofAuthorities] = await Promise.all(issuers.map((issuer, at) => statusUnder(issuers[at - 1] ?? certificate, issuer, purpose)))
      // What is told is the certificate's own status, unless one of its CAs is worse off.
      return [own, ...ofAuthorities.filter((status) => status !== 'not-checked')].reduce(worse)
    },
  }
}

type AskList = (certificate: Certificate) => Promise<Finding>

/** For the responder and for the certificate: who waits for a list waits once. */
function askingOnce(fetchList: () => Promise<FoundList>): AskList {
  let found: Promise<FoundList> | undefined
  return async ({ serialNumber }) => {
    const { list, fetchedAt } = await (found ??= fetchList())
    return { status: list.has(serialNumber) ? 'revoked' : 'good', at: fetchedAt, asOf: list.thisUpdate }
  }
}

const worse = (a: RevocationStatus, b: RevocationStatus) => (fromBest.indexOf(a) < fromBest.indexOf(b) ? b : a)
