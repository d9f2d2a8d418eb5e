import { randomBytes } from 'node:crypto'
import type { Certificate } from '../certificate.ts'
import { fetchAnswer } from './fetch-answer.ts'
import { judgeOcspResponse } from './ocsp-answer.ts'
import { idOf, writeOcspRequest } from './ocsp-request.ts'
import { createShared } from './shared-work.ts'
import type { Finding } from './standings.repository.ts'

/** Bytes. An answer with two certificates in it has 4 KB. */
const longestResponse = 64 * 1024
/** Milliseconds for which a good answer serves again. */
const keptGood = 5 * 60 * 1000
const keptAnswers = 1_000

export interface OcspClient {
  /** @param checkResponder throws where that certificate was revoked, or nobody can tell. @throws UnusableAnswer, DerError, AppError */
  ask(url: string, certificate: Certificate, issuer: Certificate, checkResponder: (responder: Certificate) => Promise<void>): Promise<Finding>
}

export function createOcspClient({ now, deadline }: { now: () => Date; deadline: number }): OcspClient {
  const kept = new Map<string, Finding & { readonly until: number }>()
  const shared = createShared<Finding>()

  async function fetchFinding(...[url, certificate, issuer, checkResponder]: Parameters<OcspClient['ask']>): Promise<Finding> {
    const question = { id: idOf(certificate, issuer), nonce: randomBytes(32), issuer }
    const body = writeOcspRequest(question.id, question.nonce)
    const bytes = await fetchAnswer(url, { limit: longestResponse, deadline }, { type: 'application/ocsp-request', body })
    const at = now()
    const { status, thisUpdate: asOf, nextUpdate, unchecked } = judgeOcspResponse(bytes, question, at)
    if (unchecked) await checkResponder(unchecked)
    if (status === 'good') keep(certificate.fingerprint, { status, at, asOf, until: Math.min(at.getTime() + keptGood, nextUpdate?.getTime() ?? Infinity) })
    return { status, at, asOf }
  }

  function keep(fingerprint: string, finding: Finding & { readonly until: number }): void {
    if (kept.size >= keptAnswers) kept.clear()
    kept.set(fingerprint, finding)
  }

  return {
    ask: async (url, certificate, issuer, checkResponder) => {
      const known = kept.get(certificate.fingerprint)
      // A clock set back must not prolong it.
      const holds = known && known.at.getTime() <= now().getTime() && now().getTime() < known.until
      return holds ? known : shared(certificate.fingerprint, () => fetchFinding(url, certificate, issuer, checkResponder))
    },
  }
}
