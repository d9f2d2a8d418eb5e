import { setTimeout as delay } from 'node:timers/promises'
import { captivePortal, problem } from '../support/fault-proxy.ts'
import { checkAgreement, checkCentral, checkShown } from './checks.ts'
import { begin, edit, type } from './edits.ts'
import { reopen } from './kills.ts'
import type { Spoil } from './line.ts'
import { nameOf, type Office } from './office.ts'
import { oneOf, weighted } from './random.ts'
import { claim } from './violation.ts'
import type { Workstation } from './workstation.ts'

/** Longer than any operation is put off. */
export const pastEveryWait = 700_000
const paths = ['/v1/sync/push', '/v1/sync/push', '/v1/changes', '/v1/registrations', '/v1'] as const

type Disturbance = 'none' | 'fault' | 'edits' | 'colleague' | 'decision' | 'kill-workstation' | 'kill-central' | 'refused'

/** One exchange with the central service, over a line that is as the dice say. */
export async function exchange(office: Office, station: Workstation): Promise<void> {
  const disturbance = weighted<Disturbance>(office.pick, [
    [40, 'none'], [26, 'fault'], [9, 'edits'], [8, 'colleague'], [6, 'decision'], [15, 'kill-workstation'], [3, 'kill-central'], [1, 'refused'],
  ])
  if (station.status?.problem || office.pick(5) === 0) station.passTime(pastEveryWait)
  // Somebody new, so that there is one to decide on whom the sender does not know to have arrived.
  if (disturbance === 'decision' && office.pick(2) === 0) await begin(office, station, 'submit')
  office.note(`exchange ${disturbance}: ${station.name}`)
  if (disturbance === 'refused') return refused(office, station)
  await exchangeOver(office, station, disturbance === 'none' ? [] : [spoil(office, station, disturbance)], disturbance === 'none')
}

async function refused(office: Office, station: Workstation): Promise<void> {
  await station.line.refuse(true)
  const answer = await station.ask((page) => page.sync.syncNow({}))
  claim(answer.ok && answer.value.phase !== 'idle', () => `${station.name}: synced with nobody there`)
  await station.line.refuse(false)
  await lookAgain(office, station)
}

/** @param undisturbed everything must agree afterwards */
export async function exchangeOver(office: Office, station: Workstation, plan: Spoil[], undisturbed: boolean): Promise<void> {
  station.line.open(plan)
  const wanted = !station.online || station.status?.phase === 'waiting-for-sign-in'
  const signedIn = wanted ? await station.signIn() : null
  // Sign-ins are limited by the minute, and a fast machine gets there.
  const limited = signedIn?.ok === false && signedIn.code === 'too-many-requests'
  if (limited) office.note(`sign-in limited: ${station.name}`)
  claim(!undisturbed || !signedIn || signedIn.ok || limited, () => `${station.name}: no sign-in over a good line`)
  const answer = await station.ask(async (page) => {
    const status = await page.sync.syncNow({})
    // Mostly the clerk agrees.
    return status.problem?.code === 'sync-many-removals' && (office.finishing || office.pick(3) > 0) ? page.sync.acceptRemovals({}) : status
  })
  station.line.shut()
  if (answer.ok) {
    station.status = answer.value
    // A wish that came meanwhile is one more attempt, and it ends here.
    await station.ask((page) => page.sync.syncNow({}))
  }
  await raiseTheDead(office, station)
  await lookAgain(office, station)
  if (undisturbed && answer.ok && answer.value.phase === 'idle' && !answer.value.problem) checkAgreement(office, station)
  if (undisturbed && answer.ok && !limited) claim(['idle', 'stopped'].includes(answer.value.phase), () => `${station.name}: ${answer.value.phase} over a good line: ${JSON.stringify(answer.value.problem)}`)
}

async function raiseTheDead(office: Office, station: Workstation): Promise<void> {
  if (!office.midway) for (const kill of office.kills.splice(0)) await kill()
  if (office.central.dead()) await office.central.start()
  if (station.dead()) {
    station.shown = checked(office, station, await reopen(station))
    station.status = null
  }
}

async function lookAgain(office: Office, station: Workstation): Promise<void> {
  await checkCentral(office)
  station.shown = checked(office, station, await station.look())
}

function checked(office: Office, station: Workstation, after: Workstation['shown']): Workstation['shown'] {
  checkShown(office, station, after)
  return after
}

function spoil(office: Office, station: Workstation, disturbance: Exclude<Disturbance, 'none' | 'refused'>): Spoil {
  const { pick } = office
  const path = oneOf(pick, paths)
  if (disturbance === 'fault') return { path, fault: fault(office), times: 1 + pick(2) }
  const killed = disturbance === 'kill-workstation'
  const when = oneOf(pick, killed ? (['before', 'before', 'after'] as const) : (['before', 'after', 'after'] as const))
  // Where nothing waits there is no push to be in the middle of.
  const waits = [...station.shown.values()].some(({ syncState }) => syncState === 'queued')
  const others = disturbance === 'decision' || disturbance === 'colleague'
  const middle = waits && (others || pick(3) === 0) ? '/v1/sync/push' : '/v1/changes'
  const lose = others && pick(3) > 0
  return { path: middle, times: 1, fault: { kind: 'act', when, lose, act: () => inTheMiddle(office, station, disturbance, when, middle) } }
}

function fault(office: Office): Spoil['fault'] {
  const found = oneOf<Spoil['fault']>(office.pick, [
    { kind: 'drop-request' }, { kind: 'drop-reply' }, { kind: 'drop-reply' }, { kind: 'truncate' }, { kind: 'truncate' }, { kind: 'duplicate' }, { kind: 'cut-request' },
    { kind: 'delay', milliseconds: 5 }, captivePortal, problem(500, 'internal'), problem(503, 'central-busy'), problem(429, 'too-many-requests'), problem(401, 'session-expired'),
  ])
  office.note(`fault: ${found.kind}${'status' in found ? ` ${found.status}` : ''}`)
  return found
}

async function inTheMiddle(office: Office, station: Workstation, disturbance: Exclude<Disturbance, 'none' | 'refused' | 'fault'>, when: 'before' | 'after', path: string): Promise<void> {
  if (office.midway) return
  office.midway = true
  office.note(`middle: ${when} ${path} of ${station.name}`)
  try {
    await disturb(office, station, disturbance, when)
  } finally {
    office.midway = false
  }
}

async function disturb(office: Office, station: Workstation, disturbance: Exclude<Disturbance, 'none' | 'refused' | 'fault'>, when: 'before' | 'after'): Promise<void> {
  switch (disturbance) {
    case 'edits':
      // What came with the pull is there already.
      await lookAgain(office, station)
      for (let left = 1 + office.pick(2); left > 0; left--) await edit(office, station)
      return
    case 'colleague':
      return colleague(office, station)
    case 'decision':
      return decide(office, station)
    case 'kill-workstation':
      if (when === 'before') await makeNews(office, station)
      return kill(office, station, station.name)
    case 'kill-central':
      return kill(office, office.central, 'central')
  }
}

/** Another workstation, mostly of the same unit, sends something meanwhile. */
async function colleague(office: Office, station: Workstation): Promise<void> {
  const others = office.workstations.filter((each) => each !== station)
  const own = others.filter(({ account }) => account.organizationId === station.account.organizationId)
  const other = oneOf(office.pick, own.length > 0 && office.pick(4) > 0 ? own : others)
  if (office.pick(2) === 0) await edit(office, other)
  office.note(`exchange within: ${other.name}`)
  await exchangeOver(office, other, [], false)
}

/** So that it is killed while it takes in what is new. */
async function makeNews(office: Office, station: Workstation): Promise<void> {
  const other = office.workstations.find((each) => each !== station && each.account.organizationId === station.account.organizationId)
  const record = other && [...other.shown.values()].find(({ syncState, hasDraft }) => syncState === 'uploaded' && !hasDraft)
  if (!record) return decide(office)
  await type(office, other, record, 'submit')
  office.note(`exchange within: ${other.name}`)
  await exchangeOver(office, other, [], false)
}

/** At once, at one of its next commits, or from outside at some moment. */
async function kill(office: Office, victim: Pick<Workstation, 'kill' | 'dieAt'>, name: string): Promise<void> {
  const way = oneOf(office.pick, ['at once', 'before', 'before', 'after', 'after', 'outside'] as const)
  const moment = 1 + office.pick(3)
  office.note(`kill: ${name} ${way} ${moment}`)
  if (way === 'at once') return victim.kill()
  if (way !== 'outside') victim.dieAt({ when: way, commits: moment })
  // Not waited for here: it is to fall into what comes next.
  const killed = delay(way === 'outside' ? moment : 0).then(way === 'outside' ? () => victim.kill() : () => undefined)
  office.kills.push(async () => {
    await killed
    await victim.kill()
  })
}

/**
 * Somebody elsewhere approves, refuses, or takes a registration back.
 * @param sender whose own are preferred that it does not know to have arrived
 */
export async function decide(office: Office, sender?: Workstation): Promise<void> {
  await checkCentral(office)
  const all = [...office.records.values()].filter(({ central, withdrawn }) => central && !withdrawn)
  const underWay = all.filter(({ id }) => sender?.shown.get(id)?.syncState === 'queued')
  const unheardOf = underWay.filter(({ id }) => sender?.shown.get(id)?.reviewStatus === 'unsubmitted')
  const open = [unheardOf, underWay].find((some) => some.length > 0 && office.pick(4) > 0) ?? all
  if (open.length === 0) return
  const known = oneOf(office.pick, open)
  const { central: row, organizationId, id } = known
  const account = office.workstations.find((each) => each.account.organizationId === organizationId)?.account
  if (!row || !account) return
  const what = weighted(office.pick, [[3, 'approve'], [3, 'refuse'], [sender ? 6 : 2, 'withdraw']] as const)
  if (what === 'withdraw' ? row.status === 'active' : row.status !== 'pending') return
  office.note(`${what}: ${nameOf(office, id)}`)
  if (what === 'withdraw') {
    await office.central.withdraw(account, id, row.version)
    known.withdrawn = true
  } else await office.central.review(id, what === 'approve')
  await checkCentral(office)
}
