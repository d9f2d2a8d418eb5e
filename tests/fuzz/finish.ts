import { checkAgreement, checkCentral } from './checks.ts'
import { resolve, submitAgain } from './edits.ts'
import { exchangeOver } from './exchanges.ts'
import { nameOf, type Office } from './office.ts'
import { typedFields } from './texts.ts'
import { claim } from './violation.ts'
import type { Workstation } from './workstation.ts'

const rounds = 12

/**
 * The line is good and everybody finishes what lies there: after some rounds nothing waits any more, all ends agree field
 * by field, and every text that 提交 ever acknowledged is there, or what somebody put in its place knowingly.
 */
export async function finish(office: Office): Promise<void> {
  office.finishing = true
  for (let round = 0; round < rounds; round++) {
    office.note(`round: ${round}`)
    let work = 0
    for (const station of office.workstations) work += await finishAt(office, station)
    if (work === 0) break
    claim(round < rounds - 1, () => 'the workstations never come to rest')
  }
  for (const station of office.workstations) checkAtRest(office, station)
  await checkCentral(office)
  checkOwed(office)
}

/** @returns how much there was still to do */
async function finishAt(office: Office, station: Workstation): Promise<number> {
  await settle(office, station)
  let work = 0
  for (const shown of [...station.shown.values()]) {
    if (shown.syncState === 'conflict') await resolve(office, station, shown)
    else if (!isTaken(shown) && (shown.syncState === 'returned' || shown.syncState === 'local-only' || shown.hasDraft)) await submitAgain(office, station, shown.id)
    else continue
    work += 1
  }
  if (work > 0) await settle(office, station)
  return work
}

async function settle(office: Office, station: Workstation): Promise<void> {
  station.passTime(700_000)
  await exchangeOver(office, station, [], true)
  if (station.status?.problem?.code === 'sync-many-removals') {
    station.line.open()
    await station.ask((page) => page.sync.acceptRemovals({}))
    await exchangeOver(office, station, [], true)
  }
}

/** Somebody else's person: nothing but 删除 or their 离职迁出 would end it. */
function isTaken({ syncState, returnReason, hasDraft }: Workstation['shown'] extends Map<string, infer Each> ? Each : never): boolean {
  return syncState === 'returned' && !hasDraft && (returnReason?.code === 'registration-here' || returnReason?.code === 'registration-elsewhere')
}

function checkAtRest(office: Office, station: Workstation): void {
  claim(station.status?.phase === 'idle' && station.status.queued === 0, () => `${station.name}: not at rest: ${JSON.stringify(station.status)}`)
  checkAgreement(office, station)
  for (const shown of station.shown.values()) {
    const isAtRest = shown.syncState === 'uploaded' && !shown.hasDraft
    claim(isAtRest || isTaken(shown), () => `${station.name} ${nameOf(office, shown.id)}: ${shown.syncState} in the end`)
  }
}

function checkOwed(office: Office): void {
  const there = new Map<string, Set<string>>()
  const add = (id: string, values: Readonly<Record<(typeof typedFields)[number], string>>) => {
    const texts = there.get(id) ?? new Set()
    for (const field of typedFields) texts.add(values[field])
    there.set(id, texts)
  }
  for (const { id, central, withdrawn } of office.records.values()) if (central && !withdrawn) add(id, central.values)
  for (const { shown } of office.workstations) for (const { id, values } of shown.values()) add(id, values)
  for (const [text, id] of office.texts.owed) {
    const known = office.records.get(id)
    if (known?.withdrawn) continue
    const found = [...office.texts.successors(text)].some((each) => there.get(id)?.has(each))
    claim(found, () => `${nameOf(office, id)}: ${text} was acknowledged by 提交 and is nowhere`)
  }
}
