import * as v from 'valibot'
import { faceCaptureSchema } from '../domain/face/capture.ts'
import { consentChannelSchema, faceConsentChoiceSchema, guardianSchema } from '../domain/face/consent.ts'
import { candidateKinds, documentOutcomes, mostCandidates } from '../domain/face/matching.ts'
import { faceTemplateSchema } from '../domain/face/template.ts'
import { identityCheckMethodSchema } from '../domain/identity-check.ts'
import { personTypeSchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { method } from '../wire/contract.ts'
import { countSchema, idSchema, instantSchema } from './common.ts'

const similarity = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const reason = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))
const code = v.picklist(errorCodes)
/** A JPEG of 240x320, base64. */
const picture = v.pipe(v.string(), v.base64(), v.maxLength(120_000))

/** What happened to somebody's face on this workstation, newest first. */
export const faceEventSchema = v.strictObject({
  at: instantSchema,
  /** Display name of the account. */
  by: v.string(),
  what: v.picklist(['consented', 'enrolled', 'enrolled-again', 'refused', 'withdrawn', 'deleted']),
  /** The clerk's words: of a decision, of a new enrolment, of a withdrawal; '' where there are none. */
  reason: v.string(),
  /** With the picture on the document; null where nothing was compared. */
  similarity: v.nullable(similarity),
})
export type FaceEvent = v.InferOutput<typeof faceEventSchema>

export const facePersonSchema = v.strictObject({
  recordId: idSchema,
  name: v.string(),
  maskedIdCardNo: v.string(),
  personType: personTypeSchema,
  /** Under 14: a guardian has to agree. */
  needsGuardian: v.boolean(),
  /** Attachments 身份证人像面 and 正面照; null where there is none here. */
  documentId: v.nullable(idSchema),
  portraitId: v.nullable(idSchema),
  /** How the check has been passed; null: not yet. What is queued here counts. */
  identityCheck: v.nullable(identityCheckMethodSchema),
  /** To the text as it is now, and not withdrawn. */
  consent: v.nullable(v.strictObject({ at: instantSchema, by: v.string(), channel: consentChannelSchema, keepPicture: v.boolean(), send: v.boolean(), guardian: v.nullable(guardianSchema) })),
  /** The template on this workstation. */
  enrolled: v.nullable(v.strictObject({ at: instantSchema, by: v.string(), hasPicture: v.boolean() })),
  /** 撤回同意 has something to withdraw: here, at the central service, or at another workstation of the unit. */
  mayWithdraw: v.boolean(),
  /** The project's switch lets template and picture go to the central service. */
  mayBeSent: v.boolean(),
  history: v.array(faceEventSchema),
})
export type FacePerson = v.InferOutput<typeof facePersonSchema>

/** Somebody of the unit whose enrolled face is near. */
export const faceCandidateSchema = v.strictObject({
  recordId: idSchema,
  name: v.string(),
  maskedIdCardNo: v.string(),
  similarity,
  kind: v.picklist(candidateKinds),
  hasPicture: v.boolean(),
  portraitId: v.nullable(idSchema),
})
export type FaceCandidate = v.InferOutput<typeof faceCandidateSchema>

export const faceComparisonSchema = v.strictObject({
  /** 1:1 with the picture on the document; null where there was none. */
  document: v.nullable(v.strictObject({ outcome: v.picklist(documentOutcomes), similarity })),
  /** 1:N: how many other people's templates of this unit were compared on this workstation. */
  compared: countSchema,
  /** Nearest first. */
  candidates: v.pipe(v.array(faceCandidateSchema), v.maxLength(mostCandidates)),
  /** The same number was enrolled before with a face that is another's. */
  otherThanBefore: v.boolean(),
})
export type FaceComparison = v.InferOutput<typeof faceComparisonSchema>

/** One of the crew in the morning's queue. */
export const crewMemberSchema = v.strictObject({
  bindingId: idSchema,
  /** Null: the unit has no registration of them yet. */
  recordId: v.nullable(idSchema),
  name: v.string(),
  maskedIdCardNo: v.string(),
  personType: personTypeSchema,
  /** '' without one. */
  team: v.string(),
  identityCheck: v.nullable(identityCheckMethodSchema),
  /** The record of it waits here for the upload, or was refused there. */
  syncState: v.picklist(['queued', 'uploaded', 'returned']),
  refusal: v.nullable(v.strictObject({ code, details: v.record(v.string(), v.unknown()) })),
})
export type CrewMember = v.InferOutput<typeof crewMemberSchema>

const open = ['not-signed-in', 'locked'] as const
// The face file is opened with the first call, and made at its first use.
const ofFile = [...open, 'face-file-damaged', 'local-full', 'local-read-only', 'local-busy', 'local-from-future'] as const
const reading = [...ofFile, 'not-found'] as const
const ofProject = v.strictObject({ recordId: idSchema, /** Null: outside any project. */ projectId: v.nullable(idSchema) })
const document = v.nullable(v.strictObject({ attachmentId: idSchema, template: faceTemplateSchema }))

export const facesGroup = {
  methods: {
    /** How many templates lie on this workstation, and from how many on the operator has to act (人脸识别技术应用安全管理办法: filing at 100,000). */
    state: method(v.strictObject({}), v.strictObject({ stored: countSchema, warnFrom: countSchema }), ofFile),
    /** 项目人员 of a project: its living crew, those who lack the check first. */
    crew: method(v.strictObject({ projectId: idSchema }), v.strictObject({ projectName: v.string(), projectNo: v.string(), people: v.array(crewMemberSchema) }), [...open, 'not-found', 'local-busy']),
    person: method(ofProject, facePersonSchema, reading),
    giveConsent: method(v.strictObject({ ...ofProject.entries, choice: faceConsentChoiceSchema }), facePersonSchema, [...reading, 'registration-left', 'face-consent-outdated', 'face-guardian-missing']),
    /** 撤回同意: template and picture go from this workstation at once and from the central service with the next upload. */
    withdraw: method(v.strictObject({ ...ofProject.entries, /** Nobody has to say why: may be ''. */ reason: v.pipe(v.string(), v.trim(), v.maxLength(200)) }), facePersonSchema, reading),
    /** Against the document's picture and against everybody else here; changes nothing. */
    compare: method(v.strictObject({ recordId: idSchema, capture: faceCaptureSchema, document }), faceComparisonSchema, [...reading, 'face-consent-missing', 'face-consent-outdated', 'face-versions-differ']),
    /**
     * 保存 of a capture. Everything is compared anew here: an outcome of the page counts for nothing.
     * `decision`: the clerk's reason in the grey zone. `notThePerson`: similar people whom the clerk has told apart. `reason`: of a new enrolment.
     */
    enrol: method(
      v.strictObject({
        ...ofProject.entries,
        capture: faceCaptureSchema,
        document,
        picture: v.nullable(picture),
        decision: v.nullable(reason),
        notThePerson: v.pipe(v.array(idSchema), v.maxLength(mostCandidates)),
        reason: v.nullable(reason),
      }),
      facePersonSchema,
      [
        ...reading, 'registration-left', 'face-consent-missing', 'face-consent-outdated', 'face-versions-differ', 'face-is-registered', 'face-similar', 'face-not-of-document', 'face-decision-missing',
        'face-other-than-before', 'face-reason-missing',
      ],
    ),
    /** The kept picture of somebody enrolled here; null where none is kept. */
    picture: method(v.strictObject({ recordId: idSchema }), v.strictObject({ picture: v.nullable(picture) }), reading),
  },
  events: {
    /** Of these registrations, or of any where null. */
    changed: v.strictObject({ recordIds: v.nullable(v.array(idSchema)) }),
  },
} as const
