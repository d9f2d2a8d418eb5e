import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { centralApi } from '../../shared/api/index.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../support/central-service.ts'
import { personValues } from '../support/people.ts'

const people = 20
const tries = 20

interface Answer {
  readonly status: number
  readonly text: string
  readonly body: { code?: string; id?: string }
}

describe.each(backends)('the same people, registered by several units at the same moment over HTTP, on %s', (name) => {
  let backend: Backend
  let central: Central
  let port: number
  let units: (Clerk & { unit: Unit })[]
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    await central.app.listen({ host: '127.0.0.1', port: 0 })
    ;({ port } = central.app.server.address() as AddressInfo)
    units = [await central.newClerk('甲修缮有限公司'), await central.newClerk('乙修缮有限公司'), await central.newClerk('丙建设有限公司'), await central.newClerk('丁建设有限公司')]
  })
  afterAll(async () => {
    agent.destroy()
    await central?.close()
    await backend?.stop()
  })

  const post = (clerk: Clerk, person: number) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, agent, method: 'POST', path: centralApi.createRegistration.path, headers: { ...clerk.authorized, 'content-type': 'application/json', 'idempotency-key': newKey() } }, (reply) => {
        let text = ''
        reply.setEncoding('utf8').on('data', (part: string) => void (text += part))
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text, body: JSON.parse(text) as Answer['body'] }))
      })
      sent.on('error', reject)
      sent.end(JSON.stringify({ id: randomUUID(), personType: 'manager', values: personValues(person) }))
    })

  /** Every person tried so often, the units in turn, all of it at once. */
  async function race(): Promise<{ person: number; clerk: Clerk & { unit: Unit }; answer: Answer }[]> {
    const entries = Array.from({ length: people * tries }, (_, index) => ({ person: index % people, clerk: units[Math.floor(index / people) % units.length] as Clerk & { unit: Unit } }))
    return Promise.all(entries.map(async (entry) => ({ ...entry, answer: await post(entry.clerk, entry.person) })))
  }

  it('go to one of them each; every other try is refused for good, and is told of no other unit; once withdrawn they are free again', async () => {
    const entries = await race()
    const won = entries.filter(({ answer }) => answer.status === 201)
    expect(won.map(({ person }) => person).sort((a, b) => a - b)).toEqual(Array.from({ length: people }, (_, person) => person))
    for (const { person, clerk, answer } of entries.filter((entry) => !won.includes(entry))) {
      const winner = won.find((entry) => entry.person === person)?.clerk.unit.id
      expect([answer.status, answer.body.code]).toEqual([409, winner === clerk.unit.id ? 'registration-here' : 'registration-elsewhere'])
      for (const { unit } of units) if (unit.id !== clerk.unit.id) expect(answer.text.includes(unit.id) || /[甲乙丙丁](修缮|建设)/.test(answer.text)).toBe(false)
    }
    const live = await central.db.selectFrom('registration').select(['id_card_no_hash', 'organization_id']).where('status', 'in', ['pending', 'active']).execute()
    expect(live).toHaveLength(people)
    expect(new Set(live.map(({ id_card_no_hash }) => id_card_no_hash)).size).toBe(people)
    expect(await central.db.selectFrom('person').select('id').execute()).toHaveLength(people)
    const [first] = won
    const other = units.find(({ unit }) => unit.id !== first?.clerk.unit.id)
    expect((await first?.clerk.call('withdrawRegistration', { params: { id: first.answer.body.id ?? '' }, headers: { 'if-match': '"1"' } }))?.status).toBe(200)
    expect((await other?.register(first?.person ?? 0))?.status).toBe(201)
  })
})
