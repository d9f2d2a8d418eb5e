import * as v from 'valibot'
import { bindingEndingSchema, bindingStatusSchema, submissionBlocks } from '../domain/binding.ts'
import { identityCheckMethodSchema } from '../domain/identity-check.ts'
import { projectClosureSchema, projectStatusSchema } from '../domain/project.ts'
import { personTypeSchema } from '../domain/statuses.ts'
import { teamNameSchema } from '../domain/team.ts'
import { errorCodes } from '../errors/codes.ts'
import { method } from '../wire/contract.ts'
import { countSchema, done, idSchema } from './common.ts'

const code = v.picklist(errorCodes)
const submissionBlockSchema = v.picklist(submissionBlocks)

/** What of a binding or a team was not applied, and why. */
export const bindingRefusalSchema = v.strictObject({
  what: v.picklist(['bind', 'submit-binding', 'leave-binding', 'remove-binding', 'assign-team', 'put-team', 'remove-team']),
  code,
  details: v.record(v.string(), v.unknown()),
})

/** One line of 管理人员 or 现场作业人员 of a project (manual 5.2, 5.3), with whatever is queued here counted in. */
export const bindingRowSchema = v.strictObject({
  id: idSchema,
  personType: personTypeSchema,
  /** The registration here; null where the unit has none. */
  recordId: v.nullable(idSchema),
  name: v.string(),
  maskedIdCardNo: v.string(),
  /** 项目岗位 of a manager, 工种 of a worker. */
  post: v.string(),
  team: v.nullable(v.strictObject({ id: idSchema, name: v.string(), isLeader: v.boolean() })),
  identityCheck: v.nullable(identityCheckMethodSchema),
  status: bindingStatusSchema,
  ending: v.nullable(bindingEndingSchema),
  /** 审核意见 where it is 审核不通过. */
  reviewComment: v.nullable(v.string()),
  /** What keeps it from being submitted as far as is known here; null where nothing does, or nothing is to be submitted. */
  block: v.nullable(submissionBlockSchema),
  /** Of the registration: begun here and not submitted, or waiting for the upload: the binding waits for it. */
  waitsFor: v.nullable(v.picklist(['form', 'registration'])),
  /** `queued`: something of it waits in the upload queue; `returned`: the last of it was refused. */
  syncState: v.picklist(['queued', 'uploaded', 'returned']),
  refusal: v.nullable(bindingRefusalSchema),
})
export type BindingRow = v.InferOutput<typeof bindingRowSchema>

export const teamViewSchema = v.strictObject({
  id: idSchema,
  name: v.string(),
  leaderBindingId: v.nullable(idSchema),
  /** '' where nobody leads it. */
  leaderName: v.string(),
  memberCount: countSchema,
  syncState: v.picklist(['queued', 'uploaded', 'returned']),
  refusal: v.nullable(bindingRefusalSchema),
})
export type TeamView = v.InferOutput<typeof teamViewSchema>

export const boundProjectSchema = v.strictObject({
  id: idSchema,
  projectNo: v.string(),
  name: v.string(),
  status: projectStatusSchema,
  closure: v.nullable(projectClosureSchema),
})
export type BoundProject = v.InferOutput<typeof boundProjectSchema>

/** 登记 of a worker who may be put on a project. */
const candidateSchema = v.strictObject({ recordId: idSchema, name: v.string(), maskedIdCardNo: v.string(), workType: v.string() })
export type BindingCandidate = v.InferOutput<typeof candidateSchema>

const repairWorkSchema = v.strictObject({
  id: idSchema,
  projectNo: v.string(),
  projectName: v.string(),
  bidPriceWan: v.string(),
  area: v.string(),
  employerOrg: v.string(),
  projectPost: v.string(),
  startDate: v.string(),
  completionDate: v.string(),
  totalWorkHours: v.string(),
})

/** 审核不通过 of a person on a project, until it is submitted again. */
const refusalSchema = v.strictObject({ id: idSchema, projectName: v.string(), comment: v.string() })
export type BindingRefusal = v.InferOutput<typeof refusalSchema>

/** What became of one of many: queued, or not and why. */
const oneResult = v.strictObject({ id: idSchema, refusal: v.nullable(v.strictObject({ code, details: v.record(v.string(), v.unknown()) })) })
export type BindingResult = v.InferOutput<typeof oneResult>
const results = v.strictObject({ results: v.array(oneResult) })

const open = ['not-signed-in', 'locked'] as const
const writing = [...open, 'not-found', 'local-full', 'local-read-only', 'local-busy'] as const
const page = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const pageSize = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100))
const ids = v.strictObject({ ids: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(2_000)) })
const byId = v.strictObject({ id: idSchema })

export const bindingsGroup = {
  methods: {
    /** Of a project of the own unit, in the order in which they came; those that have ended only where they are asked for. */
    list: method(
      v.strictObject({
        projectId: idSchema,
        personType: personTypeSchema,
        /** Part of the 姓名, pinyin or initials; '' for all. */
        name: v.pipe(v.string(), v.maxLength(100)),
        /** Null: all that live. */
        status: v.nullable(bindingStatusSchema),
        page,
        pageSize,
      }),
      v.strictObject({ project: boundProjectSchema, rows: v.array(bindingRowSchema), total: countSchema, page: countSchema, /** Of all pages: whoever can be submitted now. */ submittable: v.array(idSchema) }),
      [...open, 'not-found'],
    ),
    /** 提交, 退场, 移出项目: of each what becomes of it here. */
    submit: method(ids, results, writing),
    leave: method(ids, results, writing),
    remove: method(ids, results, writing),
    /** What was refused is tried once more. */
    retry: method(byId, done, writing),
    /** What was refused is let be: one that never came onto the project goes. */
    dismiss: method(byId, done, writing),
    /** Registered workers of the unit who are not on the project. */
    candidates: method(
      v.strictObject({ projectId: idSchema, name: v.pipe(v.string(), v.maxLength(100)), page, pageSize }),
      v.strictObject({ rows: v.array(candidateSchema), total: countSchema, page: countSchema }),
      [...open, 'not-found'],
    ),
    /** Onto the project: those registered at once, those begun here once they are. */
    add: method(v.strictObject({ projectId: idSchema, recordIds: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(2_000)) }), results, writing),
    /** 登记 of a filed manager: the form with number and name filled in, or the one that there is. */
    beginRegistration: method(byId, v.strictObject({ recordId: idSchema }), [...writing, 'id-card-no-checksum']),
    /** Whether a manager who is not registered here is registered with another unit, which is never named; null where that cannot be asked now. */
    isElsewhere: method(byId, v.strictObject({ elsewhere: v.nullable(v.boolean()) }), [...open, 'not-found']),
    /** 申请迁入 of such a manager, by the number and name that were filed. */
    askTransfer: method(byId, done, [
      ...open, 'not-found', 'transfer-needs-network', 'transfer-not-needed', 'transfer-already-asked', 'transfer-too-soon', 'transfer-too-many', 'too-many-requests', 'registration-here',
      'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'account-disabled',
    ]),
    /** 修缮工程工作经历 of a person: the projects of this unit on which the person was approved, the newest first. */
    workHistory: method(v.strictObject({ recordId: idSchema }), v.strictObject({ rows: v.array(repairWorkSchema) }), [...open, 'not-found']),
    /** What has to be put right in a person's form: 审核不通过 on projects of this unit. */
    refusals: method(v.strictObject({ recordId: idSchema }), v.strictObject({ rows: v.array(refusalSchema) }), [...open, 'not-found']),
    teams: method(v.strictObject({ projectId: idSchema }), v.strictObject({ teams: v.array(teamViewSchema) }), [...open, 'not-found']),
    /** `id` null: a new one. @see teamNameSchema */
    putTeam: method(
      v.strictObject({ id: v.nullable(idSchema), projectId: idSchema, name: teamNameSchema, leaderBindingId: v.nullable(idSchema) }),
      byId,
      [...writing, 'team-name-taken'],
    ),
    removeTeam: method(byId, done, writing),
    /** Puts people into one team, or out of any. */
    assignTeam: method(v.strictObject({ ...ids.entries, teamId: v.nullable(idSchema) }), done, writing),
  },
  events: {
    /** Something of the bindings or teams is other than before. */
    changed: v.strictObject({}),
  },
} as const
