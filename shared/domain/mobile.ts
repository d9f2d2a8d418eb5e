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

/** A mobile number, or a landline as one writes it: 021-12345678, with or without the dash, an extension behind another one. */
export function isPhone(raw: string): boolean {
  return isMobile(raw) || /^(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?$/.test(normalizePhone(raw))
}

/** As typed or pasted → as stored: a mobile number in its one spelling, of any other text half-width and without blanks. */
export function normalizePhone(raw: string): string {
  if (isMobile(raw)) return normalizeMobile(raw)
  return raw.normalize('NFKC').replace(/[\s\p{Cf}]+/gu, '').replace(/\p{Pd}/gu, '-').normalize('NFKC')
}
