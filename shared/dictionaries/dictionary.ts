/** One entry. `code` is what we store; `gb` and `mohurd` are the codes of the national standard and of 全国建筑工人管理服务信息平台. */
export interface DictionaryEntry {
  readonly code: string
  readonly label: string
  readonly gb: string | null
  readonly mohurd: string | null
  /** Other spellings accepted on import and from card readers. */
  readonly aliases?: readonly string[]
}

export interface Dictionary {
  readonly title: string
  /** The standard, law or list it comes from, and what of it could not be verified. */
  readonly source: string
  readonly entries: readonly DictionaryEntry[]
}
