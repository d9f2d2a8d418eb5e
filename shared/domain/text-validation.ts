export interface TextRule {
  readonly maxLength: number
  readonly spelling?: 'person-name'
}

/** What is wrong with a text that is there; null where nothing is. */
export function textProblem(label: string, value: string, { maxLength, spelling }: TextRule): string | null {
  const length = [...value].length
  if (length > maxLength) return `${label}最多${maxLength}个字，现为${length}个字。`
  if (/[\p{Cc}\p{Cf}]/u.test(value)) return `${label}中有不可见的字符，请重新输入。`
  if (spelling === 'person-name' && !/^[\p{L}\p{M}〇·•.’' -]+$/u.test(value)) return `${label}中只能有文字和间隔号“·”，请核对。`
  return null
}

export const noDate = (label: string) => `${label}不是有效的日期，请按“19900307”或“1990-03-07”填写。`
export const notFromList = (label: string) => `请从列表中选择${label}。`
/** None of the table bears the name, or several do. */
export const noRegion = (label: string) => `${label}不是能确定的地区，请写全省、市、区，如“上海市徐汇区”。`
export const missingText = (label: string) => `请填写${label}。`
export const missingChoice = (label: string) => `请选择${label}。`
