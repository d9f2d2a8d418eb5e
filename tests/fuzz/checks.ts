import { textAt } from '../../shared/domain/field-path.ts'
import { sameValues } from '../../shared/domain/merge.ts'
import { nameOf, type Known, type Office } from './office.ts'
import { typedFields } from './texts.ts'
import { claim, Violation } from './violation.ts'
import type { Shown, Workstation } from './workstation.ts'

export function failOnFaults(office: Office): void {
  const [first] = office.faults
  if (first !== undefined) throw new Violation(first)
  for (const { line } of office.workstations) if (line.failures.length > 0) throw line.failures[0]
}

/** A look at the central service's own database: nobody twice, nothing overwritten unseen, nothing that nobody submitted. */
export async function checkCentral(office: Office): Promise<void> {
  const { central, records, units, texts } = office
  claim((await central.doubled()) === 0, () => 'a person has two live registrations')
  const there = new Set<string>()
  for (const unit of units) {
    for (const row of await central.rows(unit)) {
      there.add(row.id)
      const known = records.get(row.id)
      const name = `central ${nameOf(office, row.id)}`
      claim(known !== undefined && known.organizationId === unit, () => `${name}: nobody of this unit began it`)
      claim(!known.withdrawn, () => `${name}: withdrawn, and registered again`)
      const before = known.central
      if (before?.version === row.version) continue
      claim(!before || before.version < row.version, () => `${name}: version ${row.version} after ${before?.version}`)
      for (const field of typedFields) claim(texts.wasSubmitted(row.values[field]), () => `${name}: ${field} ${row.values[field]} was never submitted`)
      const lost = before && texts.lostField(before.values, row.values)
      claim(!lost, () => `${name}: ${lost} went from ${lost && before?.values[lost]} to ${lost && row.values[lost]}, which nobody typed over it`)
      known.central = row
    }
  }
  for (const known of records.values()) {
    claim(!known.central || there.has(known.id) || known.withdrawn, () => `central ${nameOf(office, known.id)}: gone, and nobody withdrew it`)
  }
}

/** What a workstation shows after an exchange, a kill or a start, against what it showed before. */
export function checkShown(office: Office, { name, account, shown: before }: Workstation, after: ReadonlyMap<string, Shown>): void {
  for (const [id, was] of before) {
    const known = requireKnown(office, id)
    const now = after.get(id)
    const place = `${name} ${nameOf(office, id)}`
    if (!now) {
      claim(known.withdrawn, () => `${place}: gone, and nobody removed it`)
      const last = known.central?.values
      const lost = last && (was.hasDraft || was.syncState !== 'uploaded') ? office.texts.lostField(was.values, last) : undefined
      claim(!lost, () => `${place}: gone with ${lost} ${lost && was.values[lost]}, which the central service never had`)
      continue
    }
    const lost = office.texts.lostField(was.values, now.values)
    claim(!lost, () => `${place}: ${lost} went from ${lost && was.values[lost]} to ${lost && now.values[lost]}, which nobody typed over it`)
    claim(!was.hasDraft || now.hasDraft || sameValues(was.values, now.values), () => `${place}: a draft became something else by itself`)
  }
  for (const [id, now] of after) {
    const known = requireKnown(office, id)
    const place = `${name} ${nameOf(office, id)}`
    claim(known.organizationId === account.organizationId, () => `${place}: belongs to another unit`)
    claim(before.has(id) || known.central !== null, () => `${place}: was never at the central service`)
    checkConflict(office, place, now)
  }
}

/** Asked is only who did not know: a text typed over the other one is no clash with it. */
function checkConflict(office: Office, place: string, { values, conflict }: Shown): void {
  if (!conflict) return
  claim(conflict.fields.length > 0, () => `${place}: a conflict with nothing to choose`)
  for (const { field, mine, theirs } of conflict.fields) {
    claim(textAt(values, field) === mine, () => `${place}: the conflict shows ${field} ${mine}, the form ${textAt(values, field)}`)
    if (conflict.theirsRemoved) continue
    claim(!office.texts.wasTypedOver(mine, theirs), () => `${place}: asked about ${field} ${mine}, though ${theirs} was typed over it`)
    claim(!office.texts.wasTypedOver(theirs, mine), () => `${place}: asked about ${field} ${theirs}, though ${mine} was typed over it`)
  }
}

/** Nothing but the operation under way may differ after a kill. */
export function checkUntouched(office: Office, { name, shown: before }: Workstation, after: ReadonlyMap<string, Shown>, but: string | null): void {
  for (const [id, was] of before) {
    if (id === but) continue
    const now = after.get(id)
    claim(now !== undefined, () => `${name} ${nameOf(office, id)}: lost with the program`)
    claim(sameValues(was.values, now.values) && was.hasDraft === now.hasDraft, () => `${name} ${nameOf(office, id)}: other text after the program was ended`)
  }
}

/** After an undisturbed exchange that ended well, this workstation and the central service say the same. */
export function checkAgreement(office: Office, workstation: Workstation): void {
  const { name, account, shown } = workstation
  const own = [...office.records.values()].filter(({ organizationId, central, withdrawn }) => organizationId === account.organizationId && central && !withdrawn)
  for (const { id, central } of own) {
    const here = shown.get(id)
    const place = `${name} ${nameOf(office, id)}`
    claim(here !== undefined, () => `${place}: at the central service and not here`)
    if (here.syncState !== 'uploaded' || here.hasDraft) continue
    const differs = typedFields.find((field) => central?.values[field] !== here.values[field])
    claim(!differs, () => `${place}: ${differs} is ${differs && here.values[differs]} here and ${differs && central?.values[differs]} there`)
    claim(central !== null && sameValues(central.values, here.values), () => `${place}: differs from the central service`)
    claim(here.reviewStatus === central.reviewStatus, () => `${place}: ${here.reviewStatus} here and ${central.reviewStatus} there`)
  }
  for (const [id, { syncState }] of shown) {
    const known = requireKnown(office, id)
    const there = known.central !== null && !known.withdrawn
    claim(there || syncState !== 'uploaded', () => `${name} ${nameOf(office, id)}: uploaded here and not at the central service`)
  }
}

export function requireKnown(office: Office, id: string): Known {
  const known = office.records.get(id)
  if (!known) throw new Violation('a registration that nobody began')
  return known
}
