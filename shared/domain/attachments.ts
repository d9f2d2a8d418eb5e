import { dictionaries } from '../dictionaries/index.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { shanghaiDate } from './dates.ts'

/** Rules of 附件 and 人员相片 (manual 4.1, step three). The page, the workstation and the central service ask the same ones. */

const mebibyte = 1 << 20

/** What a file may be, by its content. */
export const attachmentKinds = ['jpeg', 'png', 'webp', 'pdf'] as const
export type AttachmentKind = (typeof attachmentKinds)[number]

export interface AttachmentKindRule {
  readonly mediaType: string
  /** The first one is what a name is given that has none or another's. */
  readonly extensions: readonly string[]
  /** Largest file, in MiB. */
  readonly maxMebibytes: number
}
export const attachmentKindTable: Readonly<Record<AttachmentKind, AttachmentKindRule>> = {
  jpeg: { mediaType: 'image/jpeg', extensions: ['jpg', 'jpeg'], maxMebibytes: 20 },
  png: { mediaType: 'image/png', extensions: ['png'], maxMebibytes: 20 },
  webp: { mediaType: 'image/webp', extensions: ['webp'], maxMebibytes: 20 },
  pdf: { mediaType: 'application/pdf', extensions: ['pdf'], maxMebibytes: 100 },
}
export const attachmentMediaTypes = attachmentKinds.map((kind) => attachmentKindTable[kind].mediaType)

/** Bytes, of whatever kind. */
export const largestAttachment = Math.max(...attachmentKinds.map((kind) => attachmentKindTable[kind].maxMebibytes)) * mebibyte

/** Attachments of one registration, or of the unit itself. */
export const mostAttachments = 50

export const fileNameMaxLength = 120

/** Codes of 上传类型 that a rule is about. */
export const idCardFrontType = '01'
export const idCardBackType = '02'
export const portraitType = '03'
export const socialInsuranceProofType = '11'

/** 人员相片: images only, and one of each a registration. A later one takes the earlier one's place. */
export const photoTypes: readonly string[] = [idCardFrontType, idCardBackType, portraitType]
/** Of the unit itself and not of a person (企业基本信息). */
const unitTypes: readonly string[] = ['21', '22']
/** Of either. */
const otherType = '99'

/** Codes of 上传类型 to choose from, for a person's registration or for the unit itself. */
export function attachmentTypesOf(owner: 'registration' | 'organization'): string[] {
  const codes = dictionaries.attachmentType.entries.map(({ code }) => code)
  return codes.filter((code) => code === otherType || unitTypes.includes(code) === (owner === 'organization'))
}

/** As many of a file's first bytes as `kindOfContent` needs. */
export const contentHeadBytes = 16

/** What a file is by its first bytes (ISO 10918-1 B.1, PNG 5.2, RFC 9649 2.4, ISO 32000-1 7.5.2), whatever it is called; null for anything else. */
export function kindOfContent(head: Uint8Array): AttachmentKind | null {
  const at = (offset: number, text: string) => [...text].every((character, index) => head[offset + index] === character.charCodeAt(0))
  if (at(0, '\u00ff\u00d8\u00ff')) return 'jpeg'
  if (at(0, '\u0089PNG\r\n\u001a\n') && at(12, 'IHDR')) return 'png'
  if (at(0, 'RIFF') && at(8, 'WEBP')) return 'webp'
  return at(0, '%PDF-') ? 'pdf' : null
}

export function kindOfMediaType(mediaType: string): AttachmentKind | null {
  return attachmentKinds.find((kind) => attachmentKindTable[kind].mediaType === mediaType) ?? null
}

/** The part of a name after its last dot, in small letters; '' where there is none. */
function extensionOf(fileName: string): string {
  return /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
}

export function nameFitsKind(fileName: string, kind: AttachmentKind): boolean {
  return attachmentKindTable[kind].extensions.includes(extensionOf(fileName))
}

/** A name that says what the file is: `照片.heic` that became a JPEG is `照片.jpg`, `扫描` is `扫描.pdf`; no part of a path, nothing invisible. */
export function fileNameFor(fileName: string, kind: AttachmentKind): string {
  const clean = (fileName.split(/[/\\]/).at(-1) ?? '').replace(/[\p{C}<>:"|?*]/gu, '').trim()
  const extension = attachmentKindTable[kind].extensions[0] ?? ''
  const isRight = nameFitsKind(clean, kind)
  const known = attachmentKinds.some((other) => nameFitsKind(clean, other)) || /\.(heic|heif|bmp|tiff?|gif)$/i.test(clean)
  const stem = isRight || known ? clean.slice(0, clean.lastIndexOf('.')) : clean
  const ending = isRight ? clean.slice(clean.lastIndexOf('.')) : `.${extension}`
  return `${[...(stem || '附件')].slice(0, fileNameMaxLength / 2).join('')}${ending}`
}

/** Days for which a 社保缴费证明 counts, the day after it was made being the first (manual 4.1: 应确保在60天有效期内). */
export const socialInsuranceProofDays = 60

/**
 * Days that a 社保缴费证明 still counts: 60 on the day it was made, 0 on the last one, below 0 afterwards, above 60 for one
 * that is dated in the future.
 * @param proofDate yyyy-MM-dd
 * @param today yyyy-MM-dd, in Shanghai
 */
export function socialInsuranceDaysLeft(proofDate: string, today: string): number {
  return socialInsuranceProofDays - (Date.parse(today) - Date.parse(proofDate)) / 86_400_000
}

/** What is known of a file that is to be uploaded. */
export interface AttachmentToCheck {
  /** Code of 上传类型. */
  readonly type: string
  readonly fileName: string
  /** Bytes. */
  readonly size: number
  /** What the content says; null for no kind that is allowed. */
  readonly kind: AttachmentKind | null
  /** yyyy-MM-dd; of a 社保缴费证明 only. */
  readonly proofDate: string | null
}

export interface AttachmentProblem {
  readonly code: Extract<ErrorCode, `attachment-${string}` | `proof-${string}`>
  readonly details: Readonly<Record<string, number>>
}

/** The first reason why this file cannot be uploaded now, or null. The sentence of the code is what the clerk reads. */
export function attachmentProblem({ type, fileName, size, kind, proofDate }: AttachmentToCheck, now: { getTime(): number }): AttachmentProblem | null {
  const problem = (code: AttachmentProblem['code'], details: AttachmentProblem['details'] = {}): AttachmentProblem => ({ code, details })
  if (size === 0) return problem('attachment-empty')
  if (size > largestAttachment) return problem('attachment-too-large', { max: largestAttachment / mebibyte })
  if (kind === null) return problem('attachment-kind-refused')
  const { maxMebibytes } = attachmentKindTable[kind]
  if (size > maxMebibytes * mebibyte) return problem('attachment-too-large', { max: maxMebibytes })
  if (kind === 'pdf' && photoTypes.includes(type)) return problem('attachment-photo-wanted')
  if (!nameFitsKind(fileName, kind)) return problem('attachment-name-wrong')
  return type === socialInsuranceProofType ? proofProblem(proofDate, shanghaiDate(now)) : null
}

/** @param proofDate yyyy-MM-dd; null where none was given */
export function proofProblem(proofDate: string | null, today: string): AttachmentProblem | null {
  if (proofDate === null) return { code: 'proof-date-missing', details: {} }
  const left = socialInsuranceDaysLeft(proofDate, today)
  if (left > socialInsuranceProofDays) return { code: 'proof-date-future', details: {} }
  return left < 0 ? { code: 'proof-too-old', details: { days: socialInsuranceProofDays } } : null
}
