import type { RegistrationForm } from '../../shared/contract/registrations.contract.ts'
import { textAt } from '../../shared/domain/field-path.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { sameValues } from '../../shared/domain/merge.ts'
import { idCardNoOf, personValues } from '../support/people.ts'
import { checkShown } from './checks.ts'
import { adopt, askUnderKill, know, personOf, revive } from './kills.ts'
import { nameOf, type Office } from './office.ts'
import { oneOf, weighted } from './random.ts'
import { typedFields } from './texts.ts'
import { claim, Violation } from './violation.ts'
import type { Shown, Workstation } from './workstation.ts'

/** People of all units together: few enough that clerks meet over them. */
const people = 36
const recordsPerWorkstation = 40

type How = 'keepDraft' | 'save' | 'submit'

/** Something a clerk does to one registration. */
export async function edit(office: Office, station: Workstation): Promise<void> {
  if (station.shown.size === 0 || (office.pick(9) === 0 && station.shown.size < recordsPerWorkstation)) return begin(office, station)
  const record = pickRecord(office, station)
  if (record.syncState === 'conflict' && office.pick(4) > 0) return resolve(office, station, record)
  if (record.syncState === 'returned' && record.returnReason?.code && office.pick(2) === 0) return remove(office, station, record)
  const how = weighted(office.pick, [[4, 'keepDraft'], [2, 'save'], [9, 'submit'], [1, 'discard'], [1, 'stale'], [1, 'remove']] as const)
  if (how === 'discard') return discard(office, station, record)
  if (how === 'stale') return stale(office, station, record)
  if (how === 'remove') return remove(office, station, record)
  return type(office, station, record, how)
}

function pickRecord(office: Office, station: Workstation): Shown {
  const ordinal = ({ id }: Shown) => office.records.get(id)?.ordinal ?? 0
  return oneOf(office.pick, [...station.shown.values()].sort((a, b) => ordinal(a) - ordinal(b)))
}

/** 新增, and often the rest of the form at once. */
export async function begin(office: Office, station: Workstation, how?: How): Promise<void> {
  const person = office.pick(people)
  const idCardNo = idCardNoOf(person)
  const known = [...station.shown.values()].some(({ values }) => values.idCardNo === idCardNo)
  office.note(`begin: ${station.name} person ${person}`)
  const answer = await askUnderKill(office, station, (page) => page.registrations.begin({ idCardNo }))
  if (station.dead()) {
    const after = await revive(office, station, null)
    const id = adopt(office, station, after, person, idCardNo)
    claim(!answer.ok || id === answer.value.id, () => `${station.name}: begun person ${person} is lost with the program`)
    station.shown = after
    return
  }
  claim(answer.ok !== known, () => `${station.name}: begin of a person who is ${known ? '' : 'not '}here was answered ${answer.ok ? 'with a form' : answer.code}`)
  if (!answer.ok) return
  know(office, station, answer.value.id, person)
  station.shown.set(answer.value.id, { ...answer.value, conflict: null })
  if (how || office.pick(5) > 0) await type(office, station, { ...answer.value, conflict: null }, how ?? oneOf(office.pick, ['submit', 'submit', 'save', 'keepDraft']))
}

/** Types into one or two fields, fills in the rest where there is none yet, and keeps, saves or submits it. */
export async function type(office: Office, station: Workstation, record: Shown, how: How): Promise<void> {
  const opened = await openForm(office, station, record.id)
  const whole = fill(office, record.id, opened.values)
  const values: PersonValues = { ...whole }
  const fields = new Set([oneOf(office.pick, typedFields), ...(office.pick(3) === 0 ? [oneOf(office.pick, typedFields)] : [])])
  for (const field of fields) values[field] = office.texts.fresh()
  office.note(`${how}: ${station.name} ${nameOf(office, record.id)} ${[...fields].map((field) => `${field}=${values[field]}`).join(' ')}`)
  await write(office, station, opened, values, how)
}

/** Submits what the form shows, as it is. */
export async function submitAgain(office: Office, station: Workstation, id: string): Promise<boolean> {
  const opened = await openForm(office, station, id)
  office.note(`submit: ${station.name} ${nameOf(office, id)} as it is`)
  return write(office, station, opened, fill(office, id, opened.values), 'submit')
}

/** A form that was only begun has no text of its own yet. */
function fill(office: Office, id: string, values: PersonValues): PersonValues {
  if (values.mobile !== '') return values
  const typed = Object.fromEntries(typedFields.map((field) => [field, values[field] === '' ? office.texts.fresh() : values[field]]))
  return { ...personValues(personOf(office, id)), ...typed }
}

/** @returns whether it was acknowledged */
async function write(office: Office, station: Workstation, opened: RegistrationForm, values: PersonValues, how: How): Promise<boolean> {
  const { id, revision } = opened
  const { texts } = office
  for (const field of typedFields) texts.typeOver(opened.values[field], values[field])
  if (how === 'submit') texts.hand(values)
  const answer = await askUnderKill(office, station, async (page): Promise<RegistrationForm | null> => {
    if (how !== 'keepDraft') return page.registrations[how]({ id, values, revision })
    await page.registrations.keepDraft({ id, values, revision })
    return null
  })
  if (station.dead()) {
    const after = await revive(office, station, id)
    const now = after.get(id)
    const unchanged = !answer.ok && now && sameValues(opened.values, now.values)
    claim(now !== undefined && (unchanged || !texts.lostField(values, now.values)), () => `${station.name} ${nameOf(office, id)}: ${how} ${answer.ok ? 'was acknowledged and is lost' : 'was done by half'} after a kill`)
    if (answer.ok && how === 'submit') texts.owe(values, id)
    station.shown = after
    return answer.ok
  }
  const shown = await openShown(station, id)
  if (!answer.ok) {
    expectRefusal(station, nameOf(office, id), opened, answer.code)
    claim(sameValues(shown.values, opened.values), () => `${station.name} ${nameOf(office, id)}: refused with ${answer.code}, and changed`)
    station.shown.set(id, shown)
    return false
  }
  // A copy of the central service's may have waited for just this.
  const lost = texts.lostField(values, shown.values)
  claim(!lost, () => `${station.name} ${nameOf(office, id)}: ${how} of ${lost && values[lost]} shows ${lost && shown.values[lost]}`)
  if (answer.value) claim(sameValues(answer.value.values, shown.values), () => `${station.name} ${nameOf(office, id)}: ${how} answered another text than it keeps`)
  if (how === 'submit') texts.owe(values, id)
  station.shown.set(id, shown)
  return true
}

function expectRefusal(station: Workstation, name: string, { syncState, employmentStatus }: RegistrationForm, code: string): void {
  const right = (code === 'conflict-pending' && syncState === 'conflict') || code === 'registration-here' || (code === 'registration-left' && employmentStatus === 'left')
  claim(right, () => `${station.name} ${name} in state ${syncState}: refused with ${code}`)
}

async function discard(office: Office, station: Workstation, { id, hasDraft, values }: Shown): Promise<void> {
  office.note(`discard: ${station.name} ${nameOf(office, id)}`)
  const answer = await station.ask((page) => page.registrations.discardDraft({ id }))
  claim(answer.ok, () => `${station.name} ${nameOf(office, id)}: draft not discarded`)
  const after = await station.ask((page) => page.registrations.open({ id }))
  if (!after.ok) {
    claim(hasDraft && after.code === 'not-found', () => `${station.name} ${nameOf(office, id)}: gone after its draft was discarded`)
    station.shown.delete(id)
    return
  }
  const shown = await openShown(station, id)
  claim(hasDraft || sameValues(values, shown.values), () => `${station.name} ${nameOf(office, id)}: changed without a draft to discard`)
  claim(!shown.hasDraft, () => `${station.name} ${nameOf(office, id)}: its draft is still there`)
  station.shown.set(id, shown)
}

/** A second window that has not seen the newest text. */
async function stale(office: Office, station: Workstation, { id }: Shown): Promise<void> {
  const opened = await openForm(office, station, id)
  office.note(`stale: ${station.name} ${nameOf(office, id)}`)
  const values = { ...opened.values, jobPosition: office.texts.fresh() }
  const answer = await station.ask((page) => page.registrations.keepDraft({ id, values, revision: opened.revision - 1 }))
  claim(!answer.ok && ['draft-stale', 'registration-left'].includes(answer.code), () => `${station.name} ${nameOf(office, id)}: a stale window was let through`)
  await openForm(office, station, id)
}

async function remove(office: Office, station: Workstation, { id }: Shown): Promise<void> {
  office.note(`remove: ${station.name} ${nameOf(office, id)}`)
  const answer = await station.ask((page) => page.registrations.remove({ id }))
  if (!answer.ok) return claim(answer.code === 'forbidden', () => `${station.name} ${nameOf(office, id)}: not removed, ${answer.code}`)
  const known = office.records.get(id)
  claim(!known?.central || known.withdrawn, () => `${station.name} ${nameOf(office, id)}: removed here though it is at the central service`)
  office.texts.forgive(id)
  station.shown.delete(id)
}

/** Settles a conflict one way or the other, field by field. */
export async function resolve(office: Office, station: Workstation, { id, conflict, hasDraft, values }: Shown): Promise<void> {
  if (!conflict) throw new Violation('a conflict that was not looked at')
  const groups = new Map<string, 'mine' | 'theirs'>()
  const side = () => oneOf(office.pick, ['mine', 'theirs'] as const)
  const choices: Record<string, 'mine' | 'theirs'> = {}
  for (const { field, group } of conflict.fields) {
    const choice = (group ? groups.get(group) : undefined) ?? side()
    if (group) groups.set(group, choice)
    choices[field] = choice
  }
  office.note(`resolve: ${station.name} ${nameOf(office, id)}${conflict.theirsRemoved ? ' removed' : ''} ${Object.entries(choices).map((each) => each.join('=')).join(' ')}`)
  for (const { field, mine, theirs } of conflict.theirsRemoved ? [] : conflict.fields) {
    if (choices[field] === 'mine') office.texts.choose(mine, theirs)
    else office.texts.choose(theirs, mine)
  }
  const answer = await askUnderKill(office, station, (page) => page.registrations.resolveConflict({ id, choices: choices }))
  if (conflict.theirsRemoved) return afterRemoval(office, station, { id, values, hasDraft }, choices, answer)
  claim(answer.ok || answer.code === 'dead', () => `${station.name} ${nameOf(office, id)}: conflict not settled, ${answer.ok ? '' : answer.code}`)
  if (station.dead()) {
    const after = await revive(office, station, id)
    // Settled or not, a draft in it became something else by the clerk's hand; no text may be lost.
    const now = after.get(id)
    const gone = now && office.texts.lostField(values, now.values)
    claim(now !== undefined && !gone, () => `${station.name} ${nameOf(office, id)}: settling lost ${gone ? values[gone] : 'the person'} after a kill`)
    checkShown(office, { ...station, shown: new Map([...station.shown].filter(([each]) => each !== id)) }, after)
    station.shown = after
    return
  }
  const shown = await openShown(station, id)
  for (const { field, mine, theirs } of conflict.fields) {
    const wanted = choices[field] === 'mine' ? mine : theirs
    claim(textAt(shown.values, field) === wanted, () => `${station.name} ${nameOf(office, id)}: chosen ${field} ${wanted}, shown ${textAt(shown.values, field)}`)
  }
  const lost = office.texts.lostField(values, shown.values)
  claim(!lost, () => `${station.name} ${nameOf(office, id)}: settling lost ${lost && values[lost]}`)
  await checkHistory(office, station, id, conflict.fields.map(({ field, mine, theirs }) => (choices[field] === 'mine' ? theirs : mine)))
  station.shown.set(id, shown)
}

async function afterRemoval(office: Office, station: Workstation, { id, values }: Pick<Shown, 'id' | 'values' | 'hasDraft'>, choices: Readonly<Record<string, string>>, answer: Awaited<ReturnType<Workstation['ask']>>): Promise<void> {
  const done = answer.ok || answer.code === 'not-found'
  const after = station.dead() ? await revive(office, station, id) : await station.look()
  const kept = Object.values(choices).includes('mine')
  const fresh = kept ? adopt(office, station, after, personOf(office, id), values.idCardNo) : null
  const now = fresh === null ? undefined : after.get(fresh)
  if (done) claim(kept ? now !== undefined && sameValues(now.values, values) : !after.has(id), () => `${station.name} ${nameOf(office, id)}: the choice on a removed person was not carried out`)
  else claim(after.has(id) || !kept || now !== undefined, () => `${station.name} ${nameOf(office, id)}: a removed person's text is gone`)
  station.shown = after
}

/** What loses in a conflict stays readable. */
async function checkHistory(office: Office, station: Workstation, id: string, texts: readonly string[]): Promise<void> {
  const answer = await station.ask((page) => page.registrations.history({ id }))
  if (!answer.ok) throw new Violation(`${station.name} ${nameOf(office, id)}: no history`)
  const known = JSON.stringify(answer.value)
  for (const text of texts) claim(known.includes(text), () => `${station.name} ${nameOf(office, id)}: ${text} lost in a conflict and is not in the history`)
}

/** The form as it opens, which must be what was last seen. */
async function openForm(office: Office, station: Workstation, id: string): Promise<Shown> {
  const shown = await openShown(station, id)
  const last = station.shown.get(id)
  claim(last !== undefined && sameValues(last.values, shown.values), () => `${station.name} ${nameOf(office, id)}: opens with another text than it last showed`)
  station.shown.set(id, shown)
  return shown
}

async function openShown(station: Workstation, id: string): Promise<Shown> {
  const form = await station.page().registrations.open({ id })
  return { ...form, conflict: form.syncState === 'conflict' ? await station.page().registrations.conflict({ id }) : null }
}
