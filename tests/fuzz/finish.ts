import { checkAgreement, checkCentral } from './checks.ts'
import { resolve, submitAgain } from './edits.ts'
import { exchangeOver, pastEveryWait } from './exchanges.ts'
import { nameOf, type Office } from './office.ts'
import { typedFields } from './texts.ts'
import { claim } from './violation.ts'
import type { Shown, Workstation } from './workstation.ts'

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
    if (shown.syncState === 'conflict') {
      await resolve(office, station, shown)
      work += 1
    } else if (!isTaken(station, shown) && !isDone(shown) && (await submitAgain(office, station, shown.id))) work += 1
  }
  if (work > 0) await settle(office, station)
  return work
}

async function settle(office: Office, station: Workstation): Promise<void> {
  station.passTime(pastEveryWait)
  await exchangeOver(office, station, [], true)
}

const isDone = ({ syncState, hasDraft }: Shown) => (syncState === 'uploaded' || syncState === 'queued') && !hasDraft

/** Registered by somebody else, or here once more: nothing but 删除 or 离职迁出 over there would end it. */
function isTaken({ shown }: Workstation, { id, values, syncState, returnReason }: Shown): boolean {
  const elsewhere = syncState === 'returned' && (returnReason?.code === 'registration-here' || returnReason?.code === 'registration-elsewhere')
  return elsewhere || [...shown.values()].some((other) => other.id !== id && other.values.idCardNo === values.idCardNo)
}

function checkAtRest(office: Office, station: Workstation): void {
  claim(station.status?.phase === 'idle' && station.status.queued === 0, () => `${station.name}: not at rest: ${JSON.stringify(station.status)}`)
  checkAgreement(office, station)
  for (const shown of station.shown.values()) {
    claim((shown.syncState === 'uploaded' && !shown.hasDraft) || isTaken(station, shown), () => `${station.name} ${nameOf(office, shown.id)}: ${shown.syncState} in the end`)
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
