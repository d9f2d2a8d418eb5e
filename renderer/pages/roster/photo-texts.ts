import { labelOf } from '../../../shared/dictionaries/index.ts'
import type { PhotoMatch } from '../../../shared/contract/photo-matches.ts'
import type { PhotoItem } from '../../stores/photo-import.store.ts'

export const photoKindLabels: Readonly<Record<PhotoItem['kind'], string>> = { ready: '可加入', has: '已有照片', twice: '重复', refused: '不能加入' }
export const photoKindTones: Readonly<Record<PhotoItem['kind'], string>> = { ready: 'success', has: 'info', twice: 'warning', refused: 'danger' }

const notMatched: Readonly<Record<Exclude<PhotoMatch['outcome'], 'matched' | 'ambiguous'>, string>> = {
  'unnamed': '文件名里没有身份证号码，也没有姓名加身份证号码后四位，不知道是谁的照片。',
  'unknown': '名单中没有与文件名相符的人员，请核对文件名，或先登记该人员。',
  'left': '该人员已离职迁出，不再加入照片。',
  'side-unknown': '文件名只写了“身份证”，分不清是哪一面。请改名写明“人像面”或“国徽面”。',
}

/** What is to be said of a file, a sentence. */
export function photoRemark({ match, kind, problem, wanted, outcome }: PhotoItem): string {
  if (outcome !== null) return outcome === 'added' ? '已加入，联网后自动上传' : outcome.sentence
  if (problem) return problem.sentence
  if (match.outcome === 'ambiguous') return `有${match.count}人姓名和后四位都相同，请在文件名里写完整的身份证号码。`
  if (match.outcome !== 'matched') return notMatched[match.outcome]
  const label = labelOf('attachmentType', match.type)
  if (kind === 'twice') return `有几个文件都是该人员的${label}，请勾选要用的一个。`
  if (match.has) return wanted ? `将替换原来的${label}` : `已有${label}，保留原来的；勾选则替换。`
  return ''
}
