import { personFieldNames, type PersonFieldName, type PersonValues } from '../../shared/domain/person-fields.ts'

/** Fields that the fuzzer types into. The name stands for those that belong together. */
export const typedFields = ['jobPosition', 'professionalTitle', 'residenceDetail', 'name'] as const satisfies readonly PersonFieldName[]

/**
 * Every text that was ever typed, each of them once, and which was put in the place of which by somebody who saw it. A
 * text may give way to another only along these ways: anything else is a loss.
 */
export class Texts {
  private count = 0
  /** Typed over a text that the form showed. No circles: the newer always follows the older. */
  private readonly typed = new Map<string, Set<string>>()
  /** Preferred to another where both were shown side by side. */
  private readonly chosen = new Map<string, Set<string>>()
  /** Once given to 提交, whatever came of it. */
  private readonly submitted = new Set<string>()
  /** Acknowledged by 提交 → the record; from then on it must be found somewhere. */
  readonly owed = new Map<string, string>()

  /** Letters only: a name takes nothing else. */
  fresh(): string {
    let rest = ++this.count
    let letters = ''
    for (; rest > 0; rest = Math.floor(rest / 26)) letters = String.fromCharCode(97 + (rest % 26)) + letters
    return `稿${letters}`
  }

  typeOver(shown: string, text: string): void {
    if (shown !== '' && shown !== text) add(this.typed, shown, text)
  }

  choose(text: string, over: string): void {
    if (over !== '' && text !== over) add(this.chosen, over, text)
  }

  hand(values: PersonValues): void {
    for (const field of typedFields) this.submitted.add(values[field])
  }

  owe(values: PersonValues, recordId: string): void {
    for (const field of typedFields) this.owed.set(values[field], recordId)
  }

  /** The clerk removed the registration, and its texts with it. */
  forgive(recordId: string): void {
    for (const [text, id] of this.owed) if (id === recordId) this.owed.delete(text)
  }

  wasSubmitted(text: string): boolean {
    return this.submitted.has(text)
  }

  /** Whether `later` may stand where `earlier` stood. */
  gaveWay(earlier: string, later: string): boolean {
    return earlier === '' || earlier === later || this.successors(earlier).has(later)
  }

  /** Whether whoever typed `later` had `earlier`, or what came of it, before their eyes. */
  wasTypedOver(earlier: string, later: string): boolean {
    return earlier !== later && reach(earlier, [this.typed]).has(later)
  }

  successors(text: string): Set<string> {
    return reach(text, [this.typed, this.chosen])
  }

  /** The first field whose text changed in a way nobody wanted. */
  lostField(earlier: PersonValues, later: PersonValues): PersonFieldName | undefined {
    return personFieldNames.find((field) => !this.gaveWay(earlier[field], later[field]))
  }
}

function add(map: Map<string, Set<string>>, from: string, to: string): void {
  const set = map.get(from)
  if (set) set.add(to)
  else map.set(from, new Set([to]))
}

function reach(from: string, ways: readonly ReadonlyMap<string, ReadonlySet<string>>[]): Set<string> {
  const found = new Set([from])
  for (const text of found) for (const way of ways) for (const next of way.get(text) ?? []) found.add(next)
  return found
}
