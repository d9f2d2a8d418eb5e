import { DerError, derTag, type DerValue } from '../der.ts'

/** The one form of each that RFC 5280, 4.1.2.5, leaves: seconds, and Z. @throws DerError */
export function readTime({ tag, content }: DerValue): Date {
  const text = content.toString('latin1')
  if (tag === derTag.generalizedTime && /^\d{14}Z$/.test(text)) return dateOf(text)
  if (tag === derTag.utcTime && /^\d{12}Z$/.test(text)) return dateOf(`${text < '50' ? '20' : '19'}${text}`)
  throw new DerError('time')
}

function dateOf(text: string): Date {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z')
  const date = new Date(iso)
  // The 30th of February would become the 1st of March.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw new DerError('time')
  return date
}
