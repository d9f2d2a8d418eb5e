import * as v from 'valibot'
import { problemSchema } from '../../shared/api/problem.ts'
import { selfRegistrationRoutes as routes, type OwnSelfRegistration, type PosterProject, type SelfRegistrationReceipt, type SelfRegistrationRequest, type WorkChallenge } from '../../shared/api/self-registrations.ts'
import { selfPhotoPatience, type SelfPhoto } from '../../shared/domain/self-registration.ts'

/** Nobody answered, or somebody else did: the line, and not the form. */
export class LineBroken extends Error {}

/** What the central service has against it, in its own sentence. */
export class Refused extends Error {
  readonly code: string
  readonly retriable: boolean
  constructor({ code, title, retriable }: { code: string; title: string; retriable: boolean }) {
    super(title)
    ;[this.code, this.retriable] = [code, retriable]
  }
}

export interface Mine {
  readonly id: string
  readonly token: string
}

export interface CentralClient {
  openPosterCode(code: string): Promise<PosterProject>
  newWork(): Promise<WorkChallenge>
  submit(request: SelfRegistrationRequest): Promise<SelfRegistrationReceipt>
  sendPhoto(mine: Mine, photo: SelfPhoto, bytes: Blob): Promise<SelfRegistrationReceipt>
  readOwn(mine: Mine): Promise<OwnSelfRegistration>
}

/** Milliseconds for one request; a photo on a poor line takes longest. */
const patience = { short: 20_000, photo: selfPhotoPatience }

const addressOf = (path: string, params: Readonly<Record<string, string>>) => path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''))

async function ask<S extends v.GenericSchema>(schema: S, address: string, init: RequestInit, within = patience.short): Promise<v.InferOutput<S>> {
  const aborter = new AbortController()
  const timer = setTimeout(() => aborter.abort(), within)
  let status: number
  let body: unknown
  try {
    const answer = await fetch(address, { ...init, signal: aborter.signal, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' })
    status = answer.status
    body = await answer.json()
  } catch (error) {
    throw new LineBroken(error instanceof Error ? error.name : 'fetch')
  } finally {
    clearTimeout(timer)
  }
  const parsed = v.safeParse(schema, body)
  if (status < 400 && parsed.success) return parsed.output
  const problem = v.safeParse(problemSchema, body)
  // A page of the network in between, to be signed in at, is no answer of the central service.
  if (!problem.success) throw new LineBroken(`status ${status}`)
  throw new Refused(problem.output)
}

const json = (body: unknown): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

export const centralClient: CentralClient = {
  openPosterCode: (code) => ask(routes.openPosterCode.replies[200], addressOf(routes.openPosterCode.path, { code }), {}),
  newWork: () => ask(routes.createWorkChallenge.replies[201], routes.createWorkChallenge.path, { method: 'POST' }),
  submit: (request) => ask(routes.submitSelfRegistration.replies[201], routes.submitSelfRegistration.path, json(request)),
  sendPhoto: ({ id, token }, photo, bytes) =>
    ask(
      routes.sendSelfRegistrationPhoto.replies[200], addressOf(routes.sendSelfRegistrationPhoto.path, { id, photo }),
      { method: 'POST', headers: { 'content-type': 'image/jpeg', 'submission-token': token }, body: bytes }, patience.photo,
    ),
  readOwn: ({ id, token }) => ask(routes.readOwnSelfRegistration.replies[200], addressOf(routes.readOwnSelfRegistration.path, { id }), { headers: { 'submission-token': token } }),
}
