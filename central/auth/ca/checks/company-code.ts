import { AppError } from '../../../../shared/errors/app-error.ts'
import { isCreditCode } from '../../../../shared/domain/credit-code.ts'
import type { Certificate } from '../certificate.ts'
import { DerError, derTag, readDer } from '../der.ts'

/**
 * Where certificates of Shanghai's CAs name the unit, the surest first: 一证通 organisation code, SHECA 企业编码 and its
 * older form. Each may stand as an extension or as an attribute of the subject. CN text is never read: anyone's
 * certificate may carry anyone's name there.
 */
const codeFields = ['1.2.156.10260.4.1.4', '1.2.156.112570.11.210', '1.2.156.1.8888.148'] as const

const textTags: ReadonlySet<number> = new Set([derTag.utf8String, derTag.printableString, derTag.ia5String])

/**
 * The code by which a certificate names its unit; null where it names none.
 * @throws AppError `ca-company-code-conflict` where it names two, `ca-certificate-malformed` where the code is no text
 */
export function companyCodeOf(certificate: Certificate): string | null {
  const byField = codeFields.map((oid) => codesIn(certificate, oid))
  for (const codes of byField) if (codes.length > 1) throw new AppError('ca-company-code-conflict')
  // Codes of different fields are different numberings, and only credit codes can be compared across them.
  const all = new Set(byField.flat())
  if ([...all].filter(isCreditCode).length > 1) throw new AppError('ca-company-code-conflict')
  return [...all][0] ?? null
}

function codesIn({ extensions, subjectAttributes }: Certificate, oid: string): string[] {
  const extension = extensions.get(oid)
  const attributes = subjectAttributes.filter((attribute) => attribute.oid === oid).map(({ value }) => value.whole)
  const values = extension ? [extension.value, ...attributes] : attributes
  return [...new Set(values.map(codeText))]
}

/** As a DER string, or as bare characters, which some CAs put straight into the extension. */
function codeText(value: Buffer): string {
  const text = (stringIn(value) ?? value).toString('latin1').trim()
  if (!/^[0-9A-Za-z-]{4,64}$/.test(text)) throw new AppError('ca-certificate-malformed')
  return text.toUpperCase()
}

function stringIn(value: Buffer): Buffer | undefined {
  try {
    const { tag, content } = readDer(value)
    return textTags.has(tag) ? content : undefined
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
