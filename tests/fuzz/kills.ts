import { setTimeout as delay } from 'node:timers/promises'
import type { BridgeClient } from '../../shared/contract/index.ts'
import { checkUntouched, requireKnown } from './checks.ts'
import type { Office } from './office.ts'
import { oneOf } from './random.ts'
import { claim } from './violation.ts'
import type { Asked, Shown, Workstation } from './workstation.ts'

/** Ends the program in the middle of a call, now and then, and starts it again on the same data. */
export async function askUnderKill<T>(office: Office, station: Workstation, call: (page: BridgeClient) => Promise<T>, perThousand = 8): Promise<Asked<T>> {
  const spared = office.midway || office.finishing
  if (spared || office.pick(1_000) >= perThousand) return station.ask(call)
  const way = oneOf(office.pick, ['before', 'after', 'outside'] as const)
  const moment = 1 + office.pick(way === 'outside' ? 6 : 2)
  office.note(`kill while saving: ${station.name} ${way} ${moment}`)
  if (way !== 'outside') station.dieAt({ when: way, commits: moment })
  const answer = station.ask(call)
  if (way === 'outside') await delay(moment - 1)
  else await answer
  await station.kill()
  return answer
}

/** Starts what has died, offline, so that nothing can come in between: everything acknowledged must be there. */
export async function revive(office: Office, station: Workstation, but: string | null): Promise<Map<string, Shown>> {
  const after = await reopen(station)
  checkUntouched(office, station, after, but)
  return after
}

/** Starts the program again without its line. */
export async function reopen(station: Workstation): Promise<Map<string, Shown>> {
  station.line.shut()
  await station.start()
  const answer = await station.signIn()
  claim(answer.ok, () => `${station.name} does not open offline: ${answer.ok ? '' : answer.code}`)
  return station.look()
}

/** A registration that a killed call may or may not have begun. */
export function adopt(office: Office, station: Workstation, after: ReadonlyMap<string, Shown>, person: number, idCardNo: string): string | null {
  const found = [...after.values()].find(({ id, values }) => !office.records.has(id) && values.idCardNo === idCardNo)
  if (found) know(office, station, found.id, person)
  return found?.id ?? null
}

export function know(office: Office, station: Workstation, id: string, person: number): void {
  office.records.set(id, { id, ordinal: office.records.size + 1, organizationId: station.account.organizationId, person, central: null, withdrawn: false })
}

export function personOf(office: Office, id: string): number {
  return requireKnown(office, id).person
}
