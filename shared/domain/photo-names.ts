import { idCardBackType, idCardFrontType, portraitType } from './attachments.ts'

export type PhotoType = typeof idCardFrontType | typeof idCardBackType | typeof portraitType

/** Whose photo a file is, and which, by its name: what units call the photos of their people. */
export interface PhotoName {
  /** Code of 上传类型, 正面照 where no word says another; null: of an ID card, and not of which side. */
  readonly type: PhotoType | null
  readonly idCardNo: string | null
  /** A name with the last four characters of the ID number: one alone says nothing. As `foldName` has it. */
  readonly person: { readonly name: string; readonly lastFour: string } | null
}

const number = /(?<!\d)[1-9]\d{16}[\dX](?![\dX])/
const back = /国徽|身份证.*[反背]|[反背]面/
const front = /人像|头像面|身份证.*正/
const card = /身份证(?!件?号)/
/** What a name may have around it. */
const otherWords = /居民身份证|身份证(?:件?号码?)?|人像面?|国徽面?|头像面?|正面照?|[反背]面|正证照|正照|证件照|登记照|照片|相片/g
const nameFirst = /([\p{L}·]{2,30})[^\p{L}\p{N}]*(?<!\d)(\d{3}[\dX])(?![\dX])/u
const numberFirst = /(?<![\dX])(\d{3}[\dX])(?!\d)[^\p{L}\p{N}]*([\p{L}·]{2,30})/u

/** A person's name as two spellings of it are compared. */
export function foldName(name: string): string {
  return name.normalize('NFKC').replace(/[•・‧∙]/g, '·').replace(/\s/g, '').toUpperCase()
}

/**
 * `310101199001011234.jpg`, `张三1234.jpg`, `张三_1234_国徽面.jpg`, `张三1234/身份证正面.jpg`.
 * @param path a file's name, with the folders it lies in: one of a person's own may say who it is
 */
export function readPhotoName(path: string): PhotoName {
  const [file = '', folder = ''] = path.split(/[/\\]/).reverse()
  const stem = plain(file.replace(/\.[^.]*$/, ''))
  const own = whose(stem)
  const { idCardNo, person } = own.idCardNo !== null || own.person ? own : whose(plain(folder))
  return { type: photoTypeIn(stem), idCardNo, person }
}

const plain = (text: string) => text.normalize('NFKC').replace(/[•・‧∙]/g, '·').toUpperCase()

function whose(text: string): Pick<PhotoName, 'idCardNo' | 'person'> {
  const [idCardNo = null] = number.exec(text) ?? []
  if (idCardNo !== null) return { idCardNo, person: null }
  const rest = text.replace(otherWords, ' ')
  const [, name, digits] = nameFirst.exec(rest) ?? []
  const [, digitsBefore, nameBehind] = name === undefined ? (numberFirst.exec(rest) ?? []) : []
  const [found, lastFour] = [name ?? nameBehind, digits ?? digitsBefore]
  return { idCardNo: null, person: found !== undefined && lastFour !== undefined ? { name: foldName(found), lastFour } : null }
}

/** 身份证正面 is the side with the face, as people say it; the law calls the other one so (居民身份证法 art. 4). The dry run shows what was taken. */
export function photoTypeIn(text: string): PhotoType | null {
  if (back.test(text)) return idCardBackType
  if (front.test(text)) return idCardFrontType
  return card.test(text) ? null : portraitType
}

/** Names that lead out of where they lie, or hide what they are: nothing of the kind comes from a clerk's hand. */
export function isHostilePath(path: string): boolean {
  return /(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\p{Cc}/u.test(path)
}
