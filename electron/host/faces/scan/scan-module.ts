import { descriptorLength } from '../../../../shared/domain/face/template.ts'

/**
 * The inner loop of the scan as a WebAssembly module of some 300 bytes, put together here from its instructions: there is nothing to compile,
 * to fetch or to keep beside the program. `distances(rows, count, query, out)` writes the squared distance of each row to the query, as i32.
 * Rows are `descriptorLength` signed bytes each, the query as many signed 16-bit numbers. All but `count` are addresses in `memory`.
 */
export interface ScanModule {
  readonly memory: {
    /** Another one whenever it has grown. */
    readonly buffer: ArrayBuffer
    /** @param pages of 64 KiB */
    grow(pages: number): number
  }
  distances(rows: number, count: number, query: number, out: number): void
}

const rows = 0
const count = 1
const query = 2
const out = 3
const difference = 4
/** Sums side by side: each waits for its own last addition only. */
const sums = [5, 6, 7, 8] as const

/** Numbers that one instruction takes. */
const lanes = 8
const pageLimit = 65_536

const unsigned = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)])
const signed = (value: number): number[] => (value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)])
const counted = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes]
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)]
const text = (name: string): number[] => sized([...name].map((letter) => letter.charCodeAt(0)))

const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const simd = (code: number): number[] => [0xfd, ...unsigned(code)]
/** v128.load8x8_s: eight bytes as 16-bit numbers. */
const loadBytes = (offset: number): number[] => [...simd(0x01), 0, ...unsigned(offset)]
/** v128.load */
const loadVector = (offset: number): number[] => [...simd(0x00), 0, ...unsigned(offset)]
/** i16x8.sub, i32x4.dot_i16x8_s, i32x4.add, i32x4.extract_lane */
const subtractShorts = simd(0x91)
const dotShorts = simd(0xba)
const addInts = simd(0xae)
const lane = (index: number): number[] => [...simd(0x1b), index]
const addInt = [0x6a]
const storeInt = [0x36, 2, 0]
const moveBy = (local: number, step: number): number[] => [...get(local), 0x41, ...signed(step), ...addInt, ...set(local)]

/** The squares of eight differences, added to one of the sums. */
function step(index: number): number[] {
  const sum = sums[index % sums.length] ?? sums[0]
  const squares = [...get(rows), ...loadBytes(index * lanes), ...get(query), ...loadVector(index * lanes * 2), ...subtractShorts, ...tee(difference), ...get(difference), ...dotShorts]
  return index < sums.length ? [...squares, ...set(sum)] : [...squares, ...get(sum), ...addInts, ...set(sum)]
}

function body(): number[] {
  const steps = Array.from({ length: descriptorLength / lanes }, (_, index) => step(index)).flat()
  const [a, b, c, d] = sums
  const total = [...get(a), ...get(b), ...addInts, ...get(c), ...get(d), ...addInts, ...addInts, ...set(difference)]
  const acrossLanes = [0, 1, 2, 3].flatMap((index) => [...get(difference), ...lane(index), ...(index > 0 ? addInt : [])])
  const again = [...get(count), 0x0d, 0]
  const loop = [0x03, 0x40, ...steps, ...total, ...get(out), ...acrossLanes, ...storeInt, ...moveBy(rows, descriptorLength), ...moveBy(out, 4), ...moveBy(count, -1), ...again, 0x0b]
  return [...get(count), 0x04, 0x40, ...loop, 0x0b, 0x0b]
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f
  const v128 = 0x7b
  const locals = counted([[1 + sums.length, v128]])
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, counted([[0x60, ...counted([[i32], [i32], [i32], [i32]]), ...counted([])]])),
    ...section(3, counted([[0]])),
    ...section(5, counted([[1, ...unsigned(1), ...unsigned(pageLimit)]])),
    ...section(7, counted([[...text('memory'), 2, 0], [...text('distances'), 0, 0]])),
    ...section(10, counted([sized([...locals, ...body()])])),
  ])
}

/** The types of Node leave it out, and those of a page do not belong here. */
interface WithWebAssembly {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object; readonly Instance: new (module: object) => { readonly exports: unknown } }
}

/** Its memory starts with one page. */
export function createScanModule(): ScanModule {
  const { Module, Instance } = (globalThis as unknown as WithWebAssembly).WebAssembly
  return new Instance(new Module(moduleBytes())).exports as ScanModule
}
