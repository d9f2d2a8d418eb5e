import * as v from 'valibot'
import { isFieldPath } from '../domain/field-path.ts'
import { fieldPathSchema, personPatchSchema, personValuesSchema } from '../domain/person-schema.ts'
import { employmentStatusSchema, personTypeSchema, reviewStatusSchema, syncStateSchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { method } from '../wire/contract.ts'
import { countSchema, done, idSchema, instantSchema } from './common.ts'

/** Why a row was sent back: our code with its details, or the reviewer's own words in `comment`. */
export const returnReasonSchema = v.strictObject({
  code: v.nullable(v.picklist(errorCodes)),
  comment: v.nullable(v.string()),
})

/** One line of a list of registrations. ID number and phone are masked: `310***********1234`, `138****5678`. */
export const registrationRowSchema = v.strictObject({
  id: idSchema,
  personType: personTypeSchema,
  /** As typed; where it has been cleared, the last one that was saved, so that the row still says who it is. */
  name: v.string(),
  sex: v.string(),
  maskedIdCardNo: v.string(),
  /** Full years today; null where no valid birth date is known. */
  age: v.nullable(countSchema),
  maskedMobile: v.string(),
  nativePlace: v.string(),
  highestEducation: v.string(),
  professionalTitle: v.string(),
  /** 工种 of a worker, its label. */
  workType: v.string(),
  employmentStatus: employmentStatusSchema,
  faceEnrolled: v.boolean(),
  reviewStatus: reviewStatusSchema,
  syncState: syncStateSchema,
  returnReason: v.nullable(returnReasonSchema),
  /** True while the clerk has typed something here that is neither saved nor submitted. */
  hasDraft: v.boolean(),
  updatedAt: instantSchema,
})
export type RegistrationRow = v.InferOutput<typeof registrationRowSchema>

export const registrationPageSchema = v.strictObject({
  rows: v.array(registrationRowSchema),
  total: countSchema,
  /** 1-based; the last page where the asked-for one lies beyond. */
  page: countSchema,
  pageSize: countSchema,
})

export const registrationFormSchema = v.strictObject({
  id: idSchema,
  /** Says which fields and tables the form has (`fieldsOf`, `tablesOf`); it never changes. */
  personType: personTypeSchema,
  /** What the clerk last typed, or else the newest saved values. */
  values: personValuesSchema,
  /** Counts each kept draft; passed back with the next one so that a second window cannot overwrite unseen. */
  revision: countSchema,
  hasDraft: v.boolean(),
  /** Begun and never saved or submitted: to discard the draft is to remove the person. */
  isOnlyDraft: v.boolean(),
  syncState: syncStateSchema,
  reviewStatus: reviewStatusSchema,
  employmentStatus: employmentStatusSchema,
  returnReason: v.nullable(returnReasonSchema),
  /** The central service has a newer text, which waits beside what is unconfirmed here; a conflict says so itself. */
  changedElsewhere: v.boolean(),
  /** 离职迁出: `queued` until the central service has it. Nothing can be changed from then on. */
  departure: v.nullable(v.strictObject({ reason: v.string(), note: v.string(), leftOn: v.string(), state: v.picklist(['queued', 'done']) })),
  /** Last time something was made durable here. */
  keptAt: v.nullable(instantSchema),
})
export type RegistrationForm = v.InferOutput<typeof registrationFormSchema>

const formInput = v.strictObject({ id: idSchema, values: personValuesSchema, revision: countSchema })
const formErrors = [
  'not-signed-in', 'locked', 'not-found', 'draft-stale', 'registration-left', 'registration-leaving', 'local-full', 'local-read-only', 'local-busy',
] as const

export const registrationsGroup = {
  methods: {
    /** `query` matches 姓名 (Chinese, pinyin, initials), 身份证号码 or 手机号码; newest change first. */
    list: method(
      v.strictObject({
        query: v.pipe(v.string(), v.maxLength(100)),
        page: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
        pageSize: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(50)),
        /** Only those that wait for the clerk: 被退回 and 有冲突. */
        onlyNeedingAttention: v.exactOptional(v.boolean()),
        /** 状态: only those; everybody where it is missing. */
        employmentStatus: v.exactOptional(employmentStatusSchema),
        /** 人员性质: only those; everybody where it is missing. */
        personType: v.exactOptional(personTypeSchema),
        /** Who is to be seen: the page they stand on now, or `page` where they are not among those found. */
        showing: v.exactOptional(idSchema),
      }),
      registrationPageSchema,
      ['not-signed-in', 'locked'],
    ),
    /**
     * 新增, step one: is this number valid and free? Offline `elsewhere` cannot be known: `checkedOnline` is then
     * false and the answer comes when the registration is uploaded. `except` is the registration that the number is typed
     * into, which does not count.
     */
    checkIdCardNo: method(
      v.strictObject({ idCardNo: v.pipe(v.string(), v.maxLength(40)), except: v.exactOptional(idSchema) }),
      v.variant('outcome', [
        /** `transferIn`: they have left their unit, and something can be carried over (`transfers.transferIn`). */
        v.strictObject({ outcome: v.literal('free'), checkedOnline: v.boolean(), transferIn: v.boolean() }),
        v.strictObject({ outcome: v.literal('here'), id: idSchema }),
        v.strictObject({ outcome: v.literal('elsewhere') }),
      ]),
      ['not-signed-in', 'locked', 'id-card-no-length', 'id-card-no-characters', 'id-card-no-old-form', 'id-card-no-date', 'id-card-no-checksum'],
    ),
    /** 新增, step two: starts a form with everything the number tells. Durable when it answers. */
    begin: method(
      /** A manager where nothing is said of the kind. */
      v.strictObject({ idCardNo: v.pipe(v.string(), v.maxLength(40)), personType: v.exactOptional(personTypeSchema) }),
      registrationFormSchema,
      [...formErrors, 'registration-here', 'id-card-no-length', 'id-card-no-characters', 'id-card-no-old-form', 'id-card-no-date', 'id-card-no-checksum'],
    ),
    open: method(v.strictObject({ id: idSchema }), registrationFormSchema, ['not-signed-in', 'locked', 'not-found']),
    /** Called as the clerk types. Durable when it answers; checks nothing but the shape. */
    keepDraft: method(formInput, v.strictObject({ revision: countSchema, keptAt: instantSchema }), formErrors),
    /** 保存: the draft becomes the saved state on this machine, unchecked and not uploaded. */
    save: method(formInput, registrationFormSchema, formErrors),
    /** 提交: checks everything and queues it. `registration-invalid` carries `fields`: {field: sentence}. */
    submit: method(formInput, registrationFormSchema, [
      ...formErrors, 'registration-invalid', 'conflict-pending', 'registration-here',
    ]),
    /** Throws away what was typed since the last 保存 or 提交; removes a registration that was never saved. */
    discardDraft: method(v.strictObject({ id: idSchema }), done, ['not-signed-in', 'locked', 'not-found']),
    /** 删除 of a row that never reached the central service. */
    remove: method(v.strictObject({ id: idSchema }), done, ['not-signed-in', 'locked', 'not-found', 'forbidden']),
    /**
     * The fields, rows and cells on which this clerk and another disagree, with the texts as stored; of a row one line that tells
     * it, '' where it is not there. `group` ties fields that are chosen together.
     */
    conflict: method(
      v.strictObject({ id: idSchema }),
      v.strictObject({
        fields: v.array(
          v.strictObject({
            field: fieldPathSchema,
            group: v.nullable(v.string()),
            label: v.string(),
            base: v.string(),
            mine: v.string(),
            theirs: v.string(),
          }),
        ),
        /** Set when the other side removed the registration. */
        theirsRemoved: v.boolean(),
      }),
      ['not-signed-in', 'locked', 'not-found'],
    ),
    /** Settles a conflict: a choice for every field in it. Both texts stay in the history. */
    resolveConflict: method(
      v.strictObject({
        id: idSchema,
        choices: v.record(v.pipe(v.string(), v.check(isFieldPath)), v.picklist(['mine', 'theirs'])),
      }),
      registrationFormSchema,
      ['not-signed-in', 'locked', 'not-found', 'call-invalid'],
    ),
    /** Earlier texts of a registration, newest first: what an edit, a merge or a choice replaced. */
    history: method(
      v.strictObject({ id: idSchema }),
      v.strictObject({
        entries: v.array(
          v.strictObject({
            at: instantSchema,
            what: v.picklist(['saved', 'submitted', 'merged', 'conflict-mine', 'conflict-theirs', 'pulled', 'left']),
            changes: personPatchSchema,
          }),
        ),
      }),
      ['not-signed-in', 'locked', 'not-found'],
    ),
  },
  events: {
    /** Rows changed: `ids`, or everything where null. */
    changed: v.strictObject({ ids: v.nullable(v.array(idSchema)) }),
  },
} as const
