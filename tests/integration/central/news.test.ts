import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileProject, newProjectNo, deliver, feedRecords } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Clerk } from '../../support/central-service.ts'

/** ms: what waits for the end of its time takes longer. */
const soon = 15_000

describe.each(backends)('a question for news on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Awaited<ReturnType<Central['newClerk']>>
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    clerk = await central.newClerk()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const ask = async (who: Clerk, query: Record<string, string>) => (await who.call('awaitNews', { query })).body as { seq: number; bindings: string }
  const end = async (who: Clerk) => (await ask(who, { after: '0' })).seq
  async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
    const began = performance.now()
    return { value: await work, ms: performance.now() - began }
  }

  it('is answered at once where the cursor is not the end, and where nobody wants to wait', async () => {
    const seq = await end(clerk)
    for (const query of [{ after: String(seq + 7), wait: '25' }, { after: String(seq), wait: '0' }]) {
      const { value, ms } = await timed(ask(clerk, query))
      expect(value).toEqual({ seq, bindings: '' })
      expect(ms).toBeLessThan(soon)
    }
  })

  it('is answered as soon as a colleague writes, and not by what another unit does', async () => {
    const stranger = await central.newClerk()
    const seq = await end(clerk)
    let answered = false
    const waiting = timed(ask(clerk, { after: String(seq), wait: '25' })).finally(() => (answered = true))
    await stranger.register(++person)
    await sleep(1_000)
    expect(answered).toBe(false)
    await clerk.register(++person)
    const { value, ms } = await waiting
    expect(value.seq).toBeGreaterThan(seq)
    expect(ms).toBeLessThan(1_000 + soon)
  })

  it('is answered without news when its time is over', async () => {
    const seq = await end(clerk)
    const { value, ms } = await timed(ask(clerk, { after: String(seq), wait: '1' }))
    expect(value.seq).toBe(seq)
    expect(ms).toBeGreaterThan(900)
  })

  it('tells the 实施单位 of a project, and it alone, that something happened to a binding', async () => {
    const reviewer = await central.newClerk()
    const projectNo = newProjectNo()
    const { id: projectId } = await fileProject(central, clerk.unit, projectNo)
    await deliver(central, feedRecords.project(newProjectNo(), reviewer.unit))
    await central.db.updateTable('project').set({ implementer_credit_code: reviewer.unit.creditCode }).where('id', '=', projectId).execute()
    const [seq, others] = [await end(reviewer), await end(clerk)]
    const waiting = timed(ask(reviewer, { after: String(seq), bindings: '', wait: '25' }))
    const at = new Date().toISOString()
    await central.db.insertInto('binding').values({
      id: randomUUID(), project_id: projectId, organization_id: clerk.unit.id, person_type: 'worker', filed_person_id: null, registration_id: null, id_card_no_hash: randomUUID(), post: '', status: 'unsubmitted',
      ending: null, review_comment: null, team_id: null, version: 1, seq: 1, created_at: at, updated_at: at, submitted_at: null, decided_at: null, ended_at: null,
    }).execute()
    const { value, ms } = await waiting
    expect(value).toEqual({ seq, bindings: at })
    expect(ms).toBeLessThan(soon)
    expect(await ask(clerk, { after: String(others), bindings: '', wait: '0' })).toEqual({ seq: others, bindings: '' })
  })

  it('holds up no end of the service', async () => {
    const seq = await end(clerk)
    const waiting = ask(clerk, { after: String(seq), wait: '25' })
    await sleep(100)
    const { ms } = await timed(central.app.close())
    expect(ms).toBeLessThan(soon)
    expect(await waiting).toEqual({ seq, bindings: '' })
  })
})
