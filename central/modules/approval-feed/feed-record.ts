import * as v from 'valibot'
import { isCreditCode, normalizeCreditCode } from '../../../shared/domain/credit-code.ts'
import { parseDate, shanghaiDate } from '../../../shared/domain/dates.ts'
import { checkIdCardNo } from '../../../shared/domain/id-card-no.ts'
import { normalizeProjectNo, projectNoLength, projectStatusSchema } from '../../../shared/domain/project.ts'
import { organizationKindSchema } from '../../../shared/domain/statuses.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'

/** What the 建设程序审批系统 delivers: docs/approval-feed.md says it for whoever writes it. */
export const feedKinds = ['project', 'party', 'contract-filing', 'manager', 'team-member'] as const
export type FeedKind = (typeof feedKinds)[number]

/** What became of one delivery of a record; the sentences stand in docs/approval-feed.md. */
export const feedOutcomes = ['applied', 'corrected', 'withdrawn', 'repeated', 'outdated', 'contradicting', 'refused', 'unreadable'] as const
export type FeedOutcome = (typeof feedOutcomes)[number]

const text = (most: number) => v.pipe(v.string(), v.maxLength(most), v.transform(tidyText))
const needed = (most: number) => v.pipe(text(most), v.minLength(1))
/** Where nothing is told it is left out, null or empty. */
const optional = (most: number) => v.pipe(v.nullish(v.string(), ''), v.maxLength(most), v.transform(tidyText))
const amount = v.pipe(v.nullish(v.union([v.string(), v.number()]), ''), v.transform((value) => String(value).trim()), v.regex(/^(\d{1,9}(\.\d{1,4})?)?$/))
const day = v.pipe(optional(20), v.transform((typed) => (typed === '' ? '' : (parseDate(typed) ?? '?'))), v.check((date) => date !== '?'))

const projectNo = v.pipe(v.string(), v.maxLength(projectNoLength), v.transform(normalizeProjectNo), v.regex(/^[0-9A-Z][0-9A-Z-]{3,}$/))
const creditCode = v.pipe(v.string(), v.maxLength(30), v.transform(normalizeCreditCode), v.check(isCreditCode))
const idCardNo = v.pipe(
  v.string(),
  v.maxLength(40),
  v.transform((typed) => checkIdCardNo(typed, shanghaiDate(new Date()))),
  v.check((checked) => checked.ok),
  v.transform((checked) => (checked.ok ? checked.normalized : '')),
)
const person = { projectNo, creditCode, name: needed(50), idCardNo }

const bodies = {
  'project': v.strictObject({ projectNo, name: needed(200), status: v.optional(projectStatusSchema, 'active'), implementerCreditCode: creditCode }),
  'party': v.strictObject({ projectNo, creditCode, name: needed(100), kind: organizationKindSchema }),
  'contract-filing': v.strictObject({ projectNo, creditCode, bidPriceWan: amount, area: amount, startDate: day, completionDate: day }),
  'manager': v.strictObject({ ...person, post: needed(50) }),
  'team-member': v.strictObject({ ...person, team: optional(50), post: optional(50) }),
} as const satisfies Readonly<Record<FeedKind, v.GenericSchema<unknown, unknown>>>

/** Stands in the log, so a person's number is none, nor does one stand in it. */
const sourceId = v.pipe(v.string(), v.regex(/^[\w.:/-]{1,64}$/), v.check((id) => ![...id.matchAll(/(?=(\d{17}[\dXx]))/g)].some(([, number = '']) => checkIdCardNo(number).ok)))
const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

const standing = <K extends FeedKind>(kind: K) => v.strictObject({ sourceId, kind: v.literal(kind), version, withdrawn: v.optional(v.literal(false), false), body: bodies[kind] })

const standingRecord = v.variant('kind', [standing('project'), standing('party'), standing('contract-filing'), standing('manager'), standing('team-member')])
/** Of what it was nothing need be told again. */
const withdrawal = v.strictObject({ sourceId, kind: v.picklist(feedKinds), version, withdrawn: v.literal(true), body: v.optional(v.unknown()) })

export type StandingRecord = v.InferOutput<typeof standingRecord>
export type FeedRecord = StandingRecord | v.InferOutput<typeof withdrawal>

/** What a delivery says of itself, as far as it can be believed, for the log of one that is refused. */
const head = v.object({
  sourceId: v.fallback(v.nullable(sourceId), null),
  kind: v.fallback(v.nullable(v.picklist(feedKinds)), null),
  version: v.fallback(v.nullable(version), null),
})

export type ReadRecord = { readonly record: FeedRecord } | { readonly record: null; readonly head: v.InferOutput<typeof head>; /** Names of fields, never what stands in them. */ readonly fields: string }

/** One delivery, checked. */
export function readRecord(delivered: unknown): ReadRecord {
  const isWithdrawal = typeof delivered === 'object' && delivered !== null && 'withdrawn' in delivered && delivered.withdrawn === true
  const parsed = v.safeParse(isWithdrawal ? withdrawal : standingRecord, delivered)
  if (parsed.success) return { record: parsed.output }
  const known = v.safeParse(head, typeof delivered === 'object' && delivered !== null ? { sourceId: null, kind: null, version: null, ...delivered } : {})
  const fields = [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? ''))].map((field) => field.replace(/[^\w.-]/g, '?').slice(0, 40)).slice(0, 10)
  return { record: null, head: known.success ? known.output : { sourceId: null, kind: null, version: null }, fields: fields.join(', ') }
}
