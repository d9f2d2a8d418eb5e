import { setImmediate as letOthersRun } from 'node:timers/promises'
import { explicitIn, readExtensions, type Certificate, type Extension } from '../certificate.ts'
import { DerError, derTag, readBits, readDer, readOid, splitDer, type DerValue } from '../der.ts'
import { usages } from '../extensions.ts'
import { isSignatureBy } from '../signature-verifiers.ts'
import { readTime } from './der-time.ts'
import { UnusableAnswer } from './unusable-answer.ts'

/** A CRL that its issuer has signed. Whether it is in date is another question, and asked each time. */
export interface RevocationList {
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  has(serialNumber: Buffer): boolean
}

/** Extensions that make a list a part of one, whatever their criticality: deltaCRLIndicator, issuingDistributionPoint. */
const partialLists = ['2.5.29.27', '2.5.29.28'] as const
/** Entries read without letting anything else run: about 10 ms. */
const stretch = 2_000

/** RFC 5280, 5.1. @throws UnusableAnswer, DerError, AppError */
export async function readRevocationList(bytes: Buffer, issuer: Certificate): Promise<RevocationList> {
  const [list, ...trailing] = splitDer(bytes)
  if (list?.tag !== derTag.sequence || trailing.length > 0) throw new DerError('not a revocation list')
  const [tbs, algorithm, signature, ...more] = splitDer(list.content)
  if (tbs?.tag !== derTag.sequence || !algorithm || !signature || more.length > 0) throw new DerError('not a revocation list')
  const fields = [...splitDer(tbs.content)]
  const version = fields[0]?.tag === derTag.integer ? fields.shift() : undefined
  if (version && !version.content.equals(Buffer.of(1))) throw new DerError('version of a revocation list')
  const [innerAlgorithm, name, thisUpdate, nextUpdate, ...rest] = fields
  if (!innerAlgorithm || !name || !thisUpdate) throw new DerError('revocation list cut short')
  if (!innerAlgorithm.whole.equals(algorithm.whole)) throw new DerError('two signature algorithms')

  if (!name.whole.equals(issuer.subject)) throw new UnusableAnswer('list of another CA')
  if (!usages(issuer)?.cRLSign) throw new UnusableAnswer('the CA may not sign lists')
  if (!isSignatureBy(issuer, algorithmIn(algorithm.whole), tbs.whole, readBits(signature))) throw new UnusableAnswer('list not signed by its CA')

  const entries = rest[0]?.tag === derTag.sequence ? rest.shift() : undefined
  const extensions = rest[0]?.tag === 0xa0 && version ? rest.shift() : undefined
  if (rest.length > 0) throw new DerError('revocation list')
  checkExtensions(readExtensions(extensions && explicitIn(readDer(extensions.whole))))
  if (nextUpdate?.tag !== derTag.utcTime && nextUpdate?.tag !== derTag.generalizedTime) throw new UnusableAnswer('list without nextUpdate')
  const serials = await readSerials(entries?.content ?? Buffer.alloc(0))
  return { thisUpdate: timeIn(thisUpdate.whole), nextUpdate: timeIn(nextUpdate.whole), has: (serialNumber) => serials.has(keyOf(serialNumber)) }
}

/** Of a large CA these are hundreds of thousands, so they are read piece by piece. */
async function readSerials(content: Buffer): Promise<ReadonlySet<string>> {
  const serials = new Set<string>()
  let read = 0
  for (const { whole } of splitDer(content)) {
    const [serial, revokedAt, extensions, ...rest] = sequenceIn(readDer(whole))
    if (serial?.tag !== derTag.integer || !revokedAt || rest.length > 0) throw new DerError('entry of a revocation list')
    readTime(revokedAt)
    checkExtensions(readExtensions(extensions))
    serials.add(keyOf(serial.content))
    if (++read % stretch === 0) await letOthersRun()
  }
  return serials
}

/** None that is critical is understood here: such a list may leave out, or mean, others than it seems to. */
function checkExtensions(extensions: ReadonlyMap<string, Extension>): void {
  if ([...extensions.values()].some(({ critical }) => critical)) throw new UnusableAnswer('list with a critical extension')
  if (partialLists.some((oid) => extensions.has(oid))) throw new UnusableAnswer('list that is only a part')
}

/** One octet a character, which takes half the memory of hexadecimal. */
const keyOf = (serialNumber: Buffer) => serialNumber.toString('latin1')
const timeIn = (whole: Buffer) => readTime(readDer(whole))

function algorithmIn(whole: Buffer): string {
  const [oid] = sequenceIn(readDer(whole))
  if (!oid) throw new DerError('algorithm')
  return readOid(oid)
}

function sequenceIn(value: DerValue): readonly DerValue[] {
  if (value.tag !== derTag.sequence) throw new DerError('unexpected type')
  return value.parts
}
