import { DerError, derTag, readOid, type DerValue } from './der.ts'

/** One attribute of a subject or issuer name. */
export interface NameAttribute {
  readonly oid: string
  readonly value: DerValue
}

/** Attributes in their order; several in one RelativeDistinguishedName one after another. @throws DerError */
export function readName(name: DerValue): NameAttribute[] {
  if (name.tag !== derTag.sequence) throw new DerError('name')
  return name.parts.flatMap((rdn) => {
    if (rdn.tag !== derTag.set) throw new DerError('name')
    return rdn.parts.map(({ parts: [type, value] }) => {
      if (!type || !value) throw new DerError('name')
      return { oid: readOid(type), value }
    })
  })
}

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN', '2.5.4.6': 'C', '2.5.4.7': 'L', '2.5.4.8': 'ST', '2.5.4.10': 'O', '2.5.4.11': 'OU',
}
const bmpString = 0x1e
const textTags: ReadonlySet<number> = new Set([derTag.utf8String, derTag.printableString, derTag.ia5String])

/**
 * A name on one line, for people and as a key: `C=CN,O=…,CN=…`. Whatever could be taken for a separator, and every
 * control character, is written as `\HH`, so that two names never read alike.
 */
export function nameText(attributes: readonly NameAttribute[]): string {
  return attributes.map(({ oid, value }) => `${shortNames[oid] ?? oid}=${valueText(value)}`).join(',')
}

/** The first attribute of these kinds, by object identifier, as text; null where there is none. */
export function attributeText(attributes: readonly NameAttribute[], ...oids: readonly string[]): string | null {
  const found = oids.flatMap((wanted) => attributes.filter(({ oid }) => oid === wanted))[0]
  return found ? valueText(found.value) : null
}

function valueText({ tag, content, whole }: DerValue): string {
  if (textTags.has(tag)) return escape(content.toString('utf8'))
  if (tag === bmpString && content.length % 2 === 0) return escape(Buffer.from(content).swap16().toString('utf16le'))
  return `#${whole.toString('hex')}`
}

function escape(text: string): string {
  return text.replace(/[\p{Cc}\\,=+#;<>"]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)
}
