import { AppError } from '../../../shared/errors/app-error.ts'

export interface XlsLook {
  /** `sheet,row,column`, all from 0, of every cell with a formula: the reader gives their results as if they had been typed. */
  readonly formulas: ReadonlySet<string>
}

const endOfChain = 0xffff_fffe
const recordFormula = 0x0006
const recordEof = 0x000a
const recordFilePass = 0x002f
const recordBof = 0x0809

/**
 * Looks into an OLE file before it is read: an .xlsx under a password lies in one, an .xls under a password has a record that says
 * so and is scrambled behind it, and formulas of an .xls are to be known.
 * @throws AppError roster-encrypted, roster-not-workbook, roster-damaged
 */
export function lookIntoXls(bytes: Buffer): XlsLook {
  try {
    const streams = readStreams(bytes)
    if (streams.has('EncryptedPackage') || streams.has('EncryptionInfo')) throw new AppError('roster-encrypted')
    const workbook = streams.get('Workbook') ?? streams.get('Book')
    if (!workbook) throw new AppError('roster-not-workbook')
    return { formulas: formulasIn(workbook()) }
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('roster-damaged', {}, { cause: error })
    throw error
  }
}

function formulasIn(records: Buffer): Set<string> {
  const formulas = new Set<string>()
  // The first part is the workbook's own, each further one a sheet.
  let part = -1
  let depth = 0
  for (let at = 0; at + 4 <= records.length; ) {
    const [id, length] = [records.readUInt16LE(at), records.readUInt16LE(at + 2)]
    if (id === recordFilePass) throw new AppError('roster-encrypted')
    if (id === recordBof && depth++ === 0) part++
    if (id === recordEof) depth--
    if (id === recordFormula && depth === 1) formulas.add(`${part - 1},${records.readUInt16LE(at + 4)},${records.readUInt16LE(at + 6)}`)
    at += 4 + length
  }
  return formulas
}

/** Streams of a compound file (MS-CFB) by name; each is read when it is asked for. */
function readStreams(bytes: Buffer): Map<string, () => Buffer> {
  const sectorSize = 1 << bytes.readUInt16LE(30)
  const miniSize = 1 << bytes.readUInt16LE(32)
  const miniCutoff = bytes.readUInt32LE(56)
  const sector = (id: number) => bytes.subarray((id + 1) * sectorSize, (id + 2) * sectorSize)
  const most = Math.ceil(bytes.length / sectorSize)

  const tableSectors = Array.from({ length: 109 }, (_, index) => bytes.readUInt32LE(76 + index * 4)).filter((id) => id < endOfChain)
  for (let id = bytes.readUInt32LE(68), seen = 0; id < endOfChain && seen < most; seen++) {
    const list = sector(id)
    for (let at = 0; at < sectorSize - 4; at += 4) if (list.readUInt32LE(at) < endOfChain) tableSectors.push(list.readUInt32LE(at))
    id = list.readUInt32LE(sectorSize - 4)
  }
  const table = Buffer.concat(tableSectors.map(sector))
  const chain = (first: number): Buffer => {
    const parts: Buffer[] = []
    for (let id = first; id < endOfChain && parts.length <= most; id = table.readUInt32LE(id * 4)) parts.push(sector(id))
    return Buffer.concat(parts)
  }

  const directory = chain(bytes.readUInt32LE(48))
  const miniTable = chain(bytes.readUInt32LE(60))
  const root = chain(directory.readUInt32LE(116))
  const miniChain = (first: number): Buffer => {
    const parts: Buffer[] = []
    for (let id = first; id < endOfChain && parts.length <= root.length / miniSize; id = miniTable.readUInt32LE(id * 4)) parts.push(root.subarray(id * miniSize, (id + 1) * miniSize))
    return Buffer.concat(parts)
  }
  const streams = new Map<string, () => Buffer>()
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const nameLength = directory.readUInt16LE(at + 64)
    if (nameLength < 2 || nameLength > 64 || directory[at + 66] !== 2) continue
    const [first, size] = [directory.readUInt32LE(at + 116), directory.readUInt32LE(at + 120)]
    const name = directory.toString('utf16le', at, at + nameLength - 2)
    streams.set(name, () => (size < miniCutoff ? miniChain(first) : chain(first)).subarray(0, size))
  }
  return streams
}
