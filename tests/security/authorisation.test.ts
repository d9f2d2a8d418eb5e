import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setAccountDisabled } from '../../central/auth/accounts.repository.ts'
import { openSession } from '../../central/auth/session.ts'
import { statusOf } from '../../central/http/problem-status.ts'
import { centralApi, type RouteName } from '../../shared/api/index.ts'
import type { RouteSpec } from '../../shared/api/route.ts'
import { accountRoles, type AccountRole } from '../../shared/domain/statuses.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { newDeviceId, newKey, startCentral, type Central, type Reply, type Unit } from '../support/central-service.ts'
import { idCardNoOf, personValues } from '../support/people.ts'
import { aimAttachment } from './aimed-attachment.ts'
import { bindFor } from './aimed-binding.ts'
import { authorisationTable, type Aim, type Answer } from './authorisation-table.ts'

const routes = Object.keys(centralApi) as RouteName[]
const specOf = (route: RouteName): RouteSpec => centralApi[route]

it('the table has a rule for every route of the contract, and for no other', () => {
  expect(Object.keys(authorisationTable).sort()).toEqual([...routes].sort())
})

it.each(routes.filter((route) => specOf(route).auth === 'session'))('%s is closed to who has no session', (route) => {
  expect(authorisationTable[route].withoutSession).toBe('session-missing')
})

describe.each(backends)('at the central service on %s', (name) => {
  let backend: Backend
  let central: Central
  let owner: Unit
  let stranger: Unit
  const accounts = new Map<string, string>()
  const accountKey = (unit: Unit, role: AccountRole) => `${unit.id} ${role}`
  const reviewers = { inScope: '', outOfScope: '' }
  let people = 0

  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    owner = await central.addUnit('独一无二修缮公司')
    stranger = await central.addUnit('乙修缮有限公司')
    reviewers.inScope = (await central.newReviewer(owner)).unit.accountId
    reviewers.outOfScope = (await central.newReviewer(stranger)).unit.accountId
    for (const unit of [owner, stranger]) for (const role of accountRoles) accounts.set(accountKey(unit, role), await addAccount(unit, role))
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const addAccount = (unit: Unit, role: AccountRole) => central.addAccount(unit.id, `${role}-${randomUUID()}`, role)
  const accountOf = (unit: Unit, role: AccountRole) => accounts.get(accountKey(unit, role)) ?? ''

  /** Past the sign-in routes, which have tests of their own. */
  async function sessionOf(accountId: string): Promise<Record<string, string>> {
    const account = await central.db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow()
    const deviceId = newDeviceId()
    const { token } = await openSession({ ...central.context, auth: {} as never }, { account, deviceId, way: 'password', certificate: null })
    return { 'authorization': `Bearer ${token}`, 'device-id': deviceId }
  }

  async function aim(): Promise<Aim> {
    const person = people++
    const registrationId = randomUUID()
    const values = personValues(person, { residenceDetail: `独一无二路${person}号` })
    const session = await sessionOf(accountOf(owner, 'clerk'))
    const reply = await send('createRegistration', { body: { id: registrationId, personType: 'manager', values } }, session)
    expect(reply.status).toBe(201)
    const colleagueId = await addAccount(owner, 'clerk')
    const bindingId = await bindFor(central, colleagueId)
    return { ...(await aimAttachment(central, session, registrationId)), organizationId: owner.id, registrationId, accountId: owner.accountId, colleagueId, bindingId, username: owner.username, idCardNo: idCardNoOf(person), freePerson: people++ }
  }

  /** Whoever is refused changes nothing, which is what is claimed: one target serves them all. */
  let untouched: Promise<Aim> | undefined
  const aimOfRefused = async (): Promise<Aim> => ({ ...(await (untouched ??= aim())), freePerson: people++ })
  const aimFor = (answer: Answer) => (typeof answer === 'string' ? aimOfRefused() : aim())

  const send = (route: RouteName, call: ReturnType<(typeof authorisationTable)[RouteName]['call']>, session: Record<string, string>) =>
    central.send(route, { ...call, headers: { ...(specOf(route).idempotent ? { 'idempotency-key': newKey() } : {}), ...call.headers, ...session } })
  const callAimed = async (route: RouteName, session: Record<string, string>, at: Aim) => send(route, authorisationTable[route].call(at), session)
  const rowsOf = async ({ registrationId, colleagueId, bindingId }: Aim) => ({
    unit: await central.db.selectFrom('organization').select(['version', 'address', 'contact_name']).where('id', '=', owner.id).execute(),
    colleague: await central.db.selectFrom('account').selectAll().where('id', '=', colleagueId).execute(),
    bound: await central.db.selectFrom('certificate_binding_account').selectAll().where('binding_id', '=', bindingId).execute(),
    registration: await central.db.selectFrom('registration').selectAll().where('id', '=', registrationId).executeTakeFirst(),
    attachments: await central.db.selectFrom('attachment').selectAll().where('registration_id', '=', registrationId).execute(),
    uploads: await central.db.selectFrom('attachment_upload').selectAll().where('registration_id', '=', registrationId).execute(),
  })

  function answerOf({ status, body }: Reply): Answer {
    if (status >= 400) return (body['code'] as Answer | undefined) ?? status
    const results = body['results'] as { outcome: string; problem?: { code: string } }[] | undefined
    return results ? ({ each: results.map(({ outcome, problem }) => problem?.code ?? outcome) } as Answer) : status
  }

  describe.each(routes)('%s', (route) => {
    const rule = authorisationTable[route]

    it.each(accountRoles)('answers a %s of the unit it is aimed at as the table says', async (role) => {
      expect(answerOf(await callAimed(route, await sessionOf(accountOf(owner, role)), await aim()))).toEqual(rule.own[role])
    })

    it.each(accountRoles)('answers a %s of another unit as the table says, tells nothing of the one aimed at, and leaves its data alone', async (role) => {
      const at = await aimFor(rule.other[role])
      const before = await rowsOf(at)
      const reply = await callAimed(route, await sessionOf(accountOf(stranger, role)), at)
      expect(answerOf(reply)).toEqual(rule.other[role])
      for (const trace of [owner.id, owner.creditCode, owner.username, '独一无二', at.idCardNo, at.registrationId, at.attachmentId, at.upload.id, at.colleagueId, at.bindingId]) expect(reply.text, trace).not.toContain(trace)
      expect(await rowsOf(at)).toEqual(before)
    })

    it.each(['inScope', 'outOfScope'] as const)('answers a reviewer with that unit %s as the table says, and outside the scope tells and changes nothing', async (scope) => {
      const expected = rule.reviewer?.[scope] ?? rule.other.clerk
      const at = await aimFor(expected)
      const before = await rowsOf(at)
      const reply = await callAimed(route, await sessionOf(scope === 'inScope' ? reviewers.inScope : reviewers.outOfScope), at)
      expect(answerOf(reply)).toEqual(expected)
      if (scope === 'inScope' && rule.reviewer) return
      for (const trace of [owner.id, owner.creditCode, owner.username, '独一无二', at.idCardNo, at.registrationId, at.attachmentId, at.upload.id, at.colleagueId, at.bindingId]) expect(reply.text, trace).not.toContain(trace)
      expect(await rowsOf(at)).toEqual(before)
    })

    const noSession: Readonly<Record<string, () => Promise<[Record<string, string>, Answer]>>> = {
      'nobody': async () => [{}, 'session-missing'],
      'an invented token': async () => [{ 'authorization': `Bearer ${'A'.repeat(43)}`, 'device-id': newDeviceId() }, 'session-missing'],
      'a token from another device': async () => [{ ...(await sessionOf(accountOf(owner, 'unit-admin'))), 'device-id': newDeviceId() }, 'session-missing'],
      'a session that signed out': async () => {
        const session = await sessionOf(accountOf(owner, 'unit-admin'))
        await send('endSession', {}, session)
        return [session, 'session-missing']
      },
      'a session whose CA lock is out': async () => {
        const session = await sessionOf(accountOf(owner, 'unit-admin'))
        await send('suspendSession', {}, session)
        return [session, 'session-suspended']
      },
      'a session that ran out': async () => {
        const session = await sessionOf(accountOf(owner, 'unit-admin'))
        await central.db.updateTable('session').set({ expires_at: '2000-01-01T00:00:00.000Z' }).where('device_id', '=', session['device-id'] ?? '').execute()
        return [session, 'session-expired']
      },
      'a disabled account': async () => {
        const id = await addAccount(owner, 'unit-admin')
        const session = await sessionOf(id)
        await setAccountDisabled(central.db, id, central.clock.now())
        return [session, 'session-missing']
      },
    }

    // Nobody gets as far as what the two databases do differently.
    if (name === 'SQLite') it.each(Object.keys(noSession))('answers %s as the table says, and nothing is changed', async (who) => {
      const at = await aimOfRefused()
      const before = await rowsOf(at)
      const [session, code] = await (noSession[who] as () => Promise<[Record<string, string>, Answer]>)()
      const reply = await callAimed(route, session, at)
      const answer = rule.withoutSession === 'session-missing' ? code : rule.withoutSession
      expect(answerOf(reply)).toEqual(specOf(route).method === 'HEAD' ? statusOf(answer as ErrorCode) : answer)
      expect(reply.text).not.toContain('独一无二')
      expect(await rowsOf(at)).toEqual(before)
    })
  })

  it('there is no way in but these routes and the document of the API', () => {
    // Two spaces of indentation a level; `GET, HEAD` is one route.
    const served = readRoutes(central.app.printRoutes({ commonPrefix: false }))
    const known = new Set([...routes.filter((route) => specOf(route).method !== 'HEAD').map((route) => `${specOf(route).method} ${specOf(route).path.replace(/\{(\w+)\}/g, ':$1')}`), 'GET /openapi.json'])
    expect(served.size).toBe(known.size)
    expect([...served].filter((route) => !known.has(route))).toEqual([])
  })
})

/** `METHOD /path` of each line of Fastify's tree of routes. */
function readRoutes(tree: string): Set<string> {
  const found = new Set<string>()
  const above: string[] = []
  for (const line of tree.split('\n').filter(Boolean)) {
    const [, indent = '', part = '', methods] = /^((?:[│ ]   )*[├└]── )(\S+)(?: \(([^)]+)\))?/.exec(line) ?? []
    const depth = indent.length / 4 - 1
    above.length = depth
    above.push(part)
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') found.add(`${method} ${above.join('')}`)
  }
  return found
}
