import * as v from 'valibot'
import { method } from '../wire/contract.ts'
import { countSchema, done, idSchema, instantSchema, noInput } from './common.ts'
import { personTypeSchema } from '../domain/statuses.ts'

/** What others, or the calendar, have done since somebody last looked. */
export const noticeKinds = ['registration-approved', 'registration-refused', 'binding-approved', 'binding-refused', 'binding-ended', 'project-completed', 'transfer-asked', 'proof-expiring'] as const
export const noticeKindSchema = v.picklist(noticeKinds)
export type NoticeKind = v.InferOutput<typeof noticeKindSchema>
export const noticeKindLabels: Readonly<Record<NoticeKind, string>> = {
  'registration-approved': '登记审核通过',
  'registration-refused': '登记审核不通过',
  'binding-approved': '项目绑定审核通过',
  'binding-refused': '项目绑定审核不通过',
  'binding-ended': '项目绑定已结束',
  'project-completed': '项目已竣工，人员绑定已结束',
  'transfer-asked': '其他单位申请迁入',
  'proof-expiring': '社保缴费证明即将到期',
}

export const noticeSchema = v.strictObject({
  kind: noticeKindSchema,
  /** When it happened; of a proof, the day from which it is warned of. */
  at: instantSchema,
  /** Since the account last looked here. */
  isNew: v.boolean(),
  /** The person's; empty where it is about a project as a whole. */
  name: v.string(),
  /** The person's registration; null where it is not on this machine. */
  recordId: v.nullable(idSchema),
  personType: v.nullable(personTypeSchema),
  /** Of a binding, or of many. */
  project: v.nullable(v.strictObject({ id: idSchema, name: v.string() })),
})
export type Notice = v.InferOutput<typeof noticeSchema>

const open = ['not-signed-in', 'locked'] as const

export const noticesGroup = {
  methods: {
    /** The newest hundred, newest first; `unseen` of all. */
    list: method(noInput, v.strictObject({ items: v.array(noticeSchema), unseen: countSchema }), open),
    /** Everything up to now was looked at, by the account that is signed in. */
    markSeen: method(noInput, done, open),
  },
  events: {},
} as const
