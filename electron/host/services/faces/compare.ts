import type { FaceCandidate, FaceComparison } from '../../../../shared/contract/faces.contract.ts'
import type { FaceCapture } from '../../../../shared/domain/face/capture.ts'
import { faceConsentVersion } from '../../../../shared/domain/face/consent.ts'
import { candidateKind, compareWithDocument, mostCandidates, similarityOf } from '../../../../shared/domain/face/matching.ts'
import { areComparable, descriptorDistance, faceCropVersion, faceModelId, type FaceTemplate } from '../../../../shared/domain/face/template.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { findRecords, type StoredRecord } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'
import { floatsOf, standingConsent, templatesOf, templatesOfNumber } from '../../faces/face.repository.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import type { ConsentRow } from '../../faces/face-tables.ts'
import type { Found } from '../../faces/scan/descriptor-rows.ts'
import { newestValues } from '../registrations/registration-view.ts'
import type { FacesContext } from './faces-context.ts'
import { picturesOf } from './face-person.ts'

export interface Captured {
  readonly capture: FaceCapture
  /** Of the picture on the ID document, as the page has read it of an attachment of this registration. */
  readonly document: { readonly attachmentId: string; readonly template: FaceTemplate } | null
}

/** @throws AppError face-consent-missing, face-consent-outdated */
export async function requireConsent({ db }: FaceFile, recordId: string): Promise<ConsentRow> {
  const consent = await standingConsent(db, recordId)
  if (!consent) throw new AppError('face-consent-missing')
  if (consent.text_version !== faceConsentVersion) throw new AppError('face-consent-outdated')
  return consent
}

/**
 * What a capture is beside the document's picture and everybody else's template here; the distances are worked out here, whatever the page
 * thinks of them.
 * @throws AppError face-versions-differ, not-found where the document's picture is none of this registration's
 */
export async function compareFace(context: FacesContext, file: FaceFile, record: StoredRecord, { capture: { template }, document }: Captured): Promise<FaceComparison> {
  const { local, scan, thresholds } = context
  const current = { modelId: faceModelId, cropVersion: faceCropVersion }
  if (!areComparable(template, current) || (document && !areComparable(document.template, current))) throw new AppError('face-versions-differ')
  if (document && (await picturesOf(local.db, record.id)).documentId !== document.attachmentId) throw new AppError('not-found')
  const own = await templatesOfNumber(file.db, file.hashOf(newestValues(record).idCardNo))
  const before = [...own, ...(await templatesOf(file.db, [record.id]))]
  const otherThanBefore = before
    .filter(({ model_id: modelId, crop_version: cropVersion }) => areComparable({ modelId, cropVersion }, current))
    .some(({ descriptor }) => compareWithDocument(descriptorDistance(template.descriptor, floatsOf(descriptor)), thresholds) === 'refused')
  const except = [...new Set([record.id, ...own.map(({ registration_id: id }) => id)])]
  const { compared, found } = await scan.nearest(template.descriptor, thresholds.similar, mostCandidates, except)
  const distance = document && descriptorDistance(template.descriptor, document.template.descriptor)
  return {
    document: distance === null ? null : { outcome: compareWithDocument(distance, thresholds), similarity: similarityOf(distance, thresholds) },
    compared,
    candidates: await candidatesOf(context, file, found),
    otherThanBefore,
  }
}

async function candidatesOf({ local, thresholds }: FacesContext, file: FaceFile, found: readonly Found[]): Promise<FaceCandidate[]> {
  const ids = found.map(({ id }) => id)
  const records = new Map((await findRecords(local.db, ids)).map((record) => [record.id, record]))
  const pictures = new Set((await templatesOf(file.db, ids)).flatMap(({ registration_id: id, picture }) => (picture ? [id] : [])))
  const candidates: FaceCandidate[] = []
  for (const { id, distance } of found) {
    const record = records.get(id)
    const kind = candidateKind(distance, thresholds)
    if (!record || !kind) continue
    const { name, idCardNo } = newestValues(record)
    candidates.push({
      recordId: id, name: shownName(name, record), maskedIdCardNo: maskIdCardNo(idCardNo), similarity: similarityOf(distance, thresholds), kind, hasPicture: pictures.has(id),
      portraitId: (await picturesOf(local.db, id)).portraitId,
    })
  }
  return candidates
}
