/** As typed or pasted → as stored: half-width, without blanks, dashes, brackets, invisible marks and the code of the country. */
export function normalizeMobile(raw: string): string {
  // Normalized once more: an accent joins the letter that a removed blank parted it from.
  const spelled = raw.normalize('NFKC').replace(/[\s\p{Cf}\p{Pd}()]+/gu, '').normalize('NFKC')
  // Only in front of a whole number: what is no mobile number stays as it is.
  return spelled.replace(/^(?:\+|00)?86(?=1[3-9]\d{9}$)/, '')
}

/** Eleven digits from 13 to 19, in any spelling that `normalizeMobile` knows. */
export function isMobile(raw: string): boolean {
  return /^1[3-9]\d{9}$/.test(normalizeMobile(raw))
}
