import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { AuthConfig } from './auth/auth-context.ts'
import { registerAuth } from './auth/index.ts'
import type { CentralDatabase } from './database/open.ts'
import { implement, type ImplementOptions } from './http/implement.ts'
import { passBytes, readJsonOnly } from './http/json-body.ts'
import { openApiDocument } from './http/openapi.ts'
import { installProblems, sendFrameworkProblem } from './http/problems.ts'
import { serveWorkerPage } from './http/worker-page.ts'
import { followRequests, ignoreUnknownExpectations, refuseUnreadable } from './http/unreadable.ts'
import { registerAccountRoutes } from './modules/accounts/accounts.routes.ts'
import type { AttachmentContext } from './modules/attachments/attachment-context.ts'
import { registerAttachmentRoutes } from './modules/attachments/attachments.routes.ts'
import { createContentFiles } from './modules/attachments/content-files.ts'
import { registerBindingReviewRoutes } from './modules/binding-reviews/binding-reviews.routes.ts'
import { registerCertificateRoutes } from './modules/certificates/certificates.routes.ts'
import { registerIdentityCheckRoutes } from './modules/identity-checks/identity-checks.routes.ts'
import { registerOrganizationRoutes } from './modules/organization/organization.routes.ts'
import { registerPosterCodeRoutes } from './modules/poster-codes/poster-codes.routes.ts'
import type { PosterOptions } from './modules/poster-codes/poster-codes.service.ts'
import { registerProjectRoutes } from './modules/projects/projects.routes.ts'
import { registerRegistrationRoutes } from './modules/registrations/registrations.routes.ts'
import { registerRevealRoutes } from './modules/reveals/reveals.routes.ts'
import { registerReviewRoutes } from './modules/reviews/reviews.routes.ts'
import { registerSelfRegistrationRoutes } from './modules/self-registrations/self-registrations.routes.ts'
import { registerSyncRoutes } from './modules/sync/sync.routes.ts'
import { registerTransferRoutes } from './modules/transfers/transfers.routes.ts'
import type { PersonalData } from './personal-data/personal-data.ts'
import { usualPosterDays } from '../shared/domain/poster-code.ts'
import { selfPhotoPatience } from '../shared/domain/self-registration.ts'
import { AppError } from '../shared/errors/app-error.ts'

export interface CentralOptions {
  readonly database: CentralDatabase
  readonly personal: PersonalData
  readonly auth: AuthConfig
  readonly attachments: AttachmentOptions
  readonly clock: { now(): Date }
  /** See ServiceContext. */
  readonly approvesAutomatically?: boolean
  /** See ServiceContext. */
  readonly identityCheckRequired?: boolean
  /** Default: posters lead to where workstations go, and are good for the usual time. */
  readonly posters?: PosterOptions
  /** Forms of workers by one poster's code in an hour; default: the usual number. */
  readonly submissionsPerCode?: number
  /** Folder of the built worker page; absent: it is not served. */
  readonly workerPage?: string
  readonly version: string
  /** PEM; null for plain http on loopback, in development. */
  readonly tls: { readonly key: string; readonly cert: string } | null
  /** Reverse proxies whose X-Forwarded-For is believed; default: none. */
  readonly trustedProxies?: readonly string[]
  /** Requests a minute; tests that are about something else raise them. */
  readonly limits?: ImplementOptions['limits']
  /** One line a request and a line for each fault, free of personal data. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void
}

export interface AttachmentOptions {
  /** Where the sealed files lie; made where it is missing. Processes over one database share it. */
  readonly folder: string
  /** Bytes that one unit may keep. */
  readonly quotaBytes: number
}

const usualLimits: ImplementOptions['limits'] = {
  // Of one address, behind which a whole unit may sit; the back-off is what stops guessing.
  // Each signed submission takes one besides.
  createChallenge: 600,
  signInWithCaKey: 120,
  chooseAccount: 120,
  signInWithPassword: 120,
  // Of one account.
  changePassword: 30,
  // The same: faster than anybody types ID numbers.
  checkIdCardNo: 60,
  // A person at a time: nobody moves whole rosters by hand.
  askTransfer: 20,
  transferIn: 20,
  // Numbers follow one another: faster than anybody types them.
  lookUpProject: 30,
  // Of one address: a whole site may sit behind that of its mobile network.
  openPosterCode: 120,
  createWorkChallenge: 60,
  submitSelfRegistration: 30,
  sendSelfRegistrationPhoto: 120,
  readOwnSelfRegistration: 120,
  // One is told whether a user name is taken, in whatever unit.
  createAccount: 10,
  resetAccountPassword: 10,
}

/** The central service, ready to listen or to be injected into. */
export async function buildApp(options: CentralOptions): Promise<FastifyInstance> {
  const { database: { db, epoch }, personal, clock, log, approvesAutomatically = false, identityCheckRequired = true, trustedProxies = [] } = options
  const app = Fastify({
    ...(options.tls ? { https: options.tls } : {}),
    logger: false,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // Longer than a phone waits for its photo to arrive.
    requestTimeout: selfPhotoPatience + 10_000,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, _request, reply) => void sendFrameworkProblem(error, reply as unknown as FastifyReply),
  }) as unknown as FastifyInstance
  // Who has not even said what it wants waits for nothing.
  app.server.headersTimeout = 30_000
  followRequests(app.server)
  ignoreUnknownExpectations(app.server)
  readJsonOnly(app)
  passBytes(app)
  installProblems(app, (error, route) => log({ level: 'error', route, ...describe(error) }))
  await app.register(rateLimit, { global: false, errorResponseBuilder: () => new AppError('too-many-requests') })
  app.addHook('onResponse', async (request, reply) => {
    log({ level: 'info', method: request.method, route: request.routeOptions.url ?? '-', status: reply.statusCode, ms: Math.round(reply.elapsedTime) })
  })

  const context = { db, clock, epoch, personal, approvesAutomatically, identityCheckRequired }
  const authentication = registerAuth({ ...context, auth: options.auth })
  const serving: ImplementOptions = { authenticate: authentication.authenticate, limits: { ...usualLimits, ...options.limits } }
  authentication.routes(app, serving)
  registerOrganizationRoutes(app, serving, context)
  registerAccountRoutes(app, serving, context)
  registerCertificateRoutes(app, serving, context)
  registerRegistrationRoutes(app, serving, context, authentication)
  const attachments = { ...attachmentContext(options), approvesAutomatically }
  registerAttachmentRoutes(app, serving, attachments)
  registerTransferRoutes(app, serving, context, authentication)
  registerProjectRoutes(app, serving, context)
  registerPosterCodeRoutes(app, serving, { ...context, posters: options.posters ?? { publicUrl: options.auth.audience, days: usualPosterDays } })
  registerSelfRegistrationRoutes(app, serving, attachments, options.submissionsPerCode)
  registerReviewRoutes(app, serving, attachments)
  registerIdentityCheckRoutes(app, serving, context)
  registerBindingReviewRoutes(app, serving, attachments)
  registerRevealRoutes(app, serving, context)
  registerSyncRoutes(app, serving, context, authentication)
  implement(app, serving, 'health', async () => {
    await db.selectFrom('meta').select('key').limit(1).execute()
    return { status: 200, body: { ok: true, epoch } }
  })
  const document = JSON.stringify(openApiDocument(options.version, options.auth.audience))
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(document))
  if (options.workerPage !== undefined) serveWorkerPage(app, options.workerPage)
  return app
}

/** What attachments need besides; the sweep needs it too. */
export function attachmentContext({ database: { db, epoch }, clock, personal, log, attachments }: Pick<CentralOptions, 'database' | 'clock' | 'personal' | 'log' | 'attachments'>): AttachmentContext {
  return { db, clock, epoch, personal, log, files: createContentFiles(attachments.folder), quotaBytes: attachments.quotaBytes, progress: new Map() }
}

/** Name, code and place of a fault; its message may quote what was sent. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 8)
  return { error: error.name, code: (error as { code?: unknown }).code, frames }
}
