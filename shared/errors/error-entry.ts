/** One code of the closed list (codes.ts): whether the same thing may succeed when simply tried again, and what the clerk reads. */
export interface ErrorEntry {
  readonly retriable: boolean
  readonly sentence: string
}

export const fatal = (sentence: string): ErrorEntry => ({ retriable: false, sentence })
export const retriable = (sentence: string): ErrorEntry => ({ retriable: true, sentence })
