import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { openSession } from '../../central/auth/session.ts'
import { centralApi, type RouteName } from '../../shared/api/index.ts'
import { problemContentType, problemSchema } from '../../shared/api/problem.ts'
import { errorTable, isErrorCode } from '../../shared/errors/codes.ts'
import type { DatabaseLocation } from '../../central/database/open.ts'
import { newDeviceId, newKey, startCentral, type Call } from '../support/central-service.ts'
import { idCardNoOf, personValues } from '../support/people.ts'
import { aimAttachment } from './aimed-attachment.ts'
import { bindFor } from './aimed-binding.ts'
import { authorisationTable } from './authorisation-table.ts'
import { createRawHttp, type RawReply, type RawRequest } from './raw-http.ts'
import { operationsOf, type Operation } from './request-fuzz.ts'

/** What a 单位管理员 does in the own unit. */
const forAdmins: readonly RouteName[] = ['patchAccount', 'resetAccountPassword', 'bindAccount', 'releaseAccount']

/** A central service that listens, with two units: one whose data nobody may see, and one from which everything is tried. */
export async function setFuzzStage(location: DatabaseLocation) {
  const central = await startCentral(location)
  const url = await central.app.listen({ host: '127.0.0.1', port: 0 })
  const http = createRawHttp(url, 8)
  const owner = await central.newClerk('独一无二修缮公司')
  const values = personValues(1, { name: '欧阳独一', residenceDetail: '独一无二路77号', mobile: '13912345678' })
  const registrationId = String((await owner.register(values)).body['id'])
  const foreignAttachment = await aimAttachment(central, owner.authorized, registrationId)
  const stranger = await central.addUnit('乙修缮有限公司')
  // Whatever an account may be able to do is tried.
  await central.db.updateTable('account').set({ role: 'unit-admin' }).where('id', '=', stranger.accountId).execute()
  const newColleague = async ({ id }: Pick<typeof stranger, 'id'>) => {
    const colleagueId = await central.addAccount(id, `clerk-${randomUUID()}`)
    return { colleagueId, bindingId: await bindFor(central, colleagueId) }
  }
  const foreignAccount = await newColleague(owner.unit)
  const account = await central.db.selectFrom('account').selectAll().where('id', '=', stranger.accountId).executeTakeFirstOrThrow()
  const traces = [owner.unit.id, owner.unit.creditCode, owner.username, '独一', values.idCardNo, values.mobile]
  let people = 1_000

  /** A fresh one each time: some of the calls end it. */
  async function session(): Promise<Record<string, string>> {
    const deviceId = newDeviceId()
    const { token } = await openSession({ ...central.context, auth: {} as never }, { account, deviceId, way: 'password', certificate: null })
    return { 'authorization': `Bearer ${token}`, 'device-id': deviceId }
  }

  /** Right calls of a route: aimed at the other unit's registration, and at one of its own. */
  async function rightCalls(name: RouteName): Promise<Call[]> {
    const foreign = authorisationTable[name].call({ ...foreignAttachment, organizationId: owner.unit.id, registrationId, accountId: owner.unit.accountId, ...foreignAccount, username: owner.username, idCardNo: values.idCardNo, freePerson: people++ })
    if (forAdmins.includes(name)) return [foreign, authorisationTable[name].call({ ...foreignAttachment, organizationId: stranger.id, registrationId, accountId: stranger.accountId, ...(await newColleague(stranger)), username: stranger.username, idCardNo: idCardNoOf(1), freePerson: people++ })]
    if (!['listAttachments', 'attachStored', 'removeAttachment', 'readAttachmentContent', 'createUpload', 'readUpload', 'appendUpload', 'endUpload', 'createRegistration', 'patchRegistration', 'withdrawRegistration', 'readRegistration', 'pushOperations'].includes(name)) return [foreign]
    const own = await central.send('createRegistration', {
      body: { id: randomUUID(), personType: 'manager', values: personValues(people++) }, headers: { ...(await session()), 'idempotency-key': newKey() },
    })
    const aim = {
      ...(await aimAttachment(central, await session(), String(own.body['id']))), organizationId: stranger.id, registrationId: name === 'createRegistration' ? randomUUID() : String(own.body['id']), accountId: stranger.accountId, ...foreignAccount, username: stranger.username, idCardNo: idCardNoOf(1), freePerson: people++ }
    return [foreign, authorisationTable[name].call(aim)]
  }

  const document: unknown = JSON.parse((await central.app.inject({ url: '/openapi.json' })).body)
  const operations: Operation[] = operationsOf(document)
  return {
    central, url, http, session, rightCalls, operations, registrationId,
    needsSession: (name: RouteName) => centralApi[name].auth === 'session',
    /** What the owner's registration is, byte for byte. */
    ownersRow: async () => ({
      registration: await central.db.selectFrom('registration').selectAll().where('id', '=', registrationId).executeTakeFirst(),
      attachments: await central.db.selectFrom('attachment').selectAll().where('registration_id', '=', registrationId).execute(),
    }),
    /** What a reply must never be. Undefined: it is in order. */
    wrongIn: (reply: RawReply, request: RawRequest) => {
      const complaint = complaintAbout(reply, request) ?? traces.filter((trace) => reply.whole.includes(trace)).map((trace) => `tells ${trace}`)[0]
      return complaint && `${complaint}: ${request.what}: ${request.method} ${request.path.slice(0, 120)} → ${reply.status} ${reply.text.slice(0, 200)}`
    },
    close: async () => {
      http.close()
      await central.close()
    },
  }
}

export type FuzzStage = Awaited<ReturnType<typeof setFuzzStage>>

const inside = /\bat \S+ \(|\.(ts|js|mjs|cjs):\d|node_modules|file:\/\/|SQLITE_|syntax error|\bselect\b.*\bfrom\b|FST_ERR|HPE_|ERR_|\bError:|is not a function|Cannot read|valibot|fastify/i

export function complaintAbout({ status, contentType, text, whole }: RawReply, { method }: Pick<RawRequest, 'method'>): string | undefined {
  if (status < 200 || status >= 500) return 'a fault'
  if (inside.test(whole)) return 'shows its inside'
  if (status < 400 || method === 'HEAD') return undefined
  if (contentType !== `${problemContentType}; charset=utf-8`) return `speaks ${contentType || 'of nothing'}`
  const problem = v.safeParse(v.strictObject(problemSchema.entries), readJson(text))
  if (!problem.success) return 'is no problem document'
  const { code, status: told, retriable } = problem.output
  if (!isErrorCode(code) || told !== status || errorTable[code].retriable !== retriable || code === 'internal') return 'has a code of its own'
  return undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
