import type { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors/app-error.ts'

/** Longest text of a refusal, in bytes: a problem is some hundred. */
const longestRefusal = 64 << 10

export interface Silence {
  readonly signal: AbortSignal
  /** Something came: the time begins anew. */
  heard(): void
  end(): void
}

/** Aborts once nothing was heard for so many ms. */
export function silenceAfter(milliseconds: number): Silence {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), milliseconds)
  return { signal: controller.signal, heard: () => void timer.refresh(), end: () => clearTimeout(timer) }
}

/** @throws AppError central-unreachable where the line breaks or falls silent in the middle */
export async function* piecesOf(stream: Readable, silence: Silence): AsyncGenerator<Buffer> {
  try {
    for await (const piece of stream) {
      silence.heard()
      yield piece as Buffer
    }
  } catch (error) {
    throw new AppError('central-unreachable', {}, { cause: error })
  } finally {
    silence.end()
    stream.destroy()
  }
}

export async function textOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = []
  let length = 0
  for await (const piece of pieces) {
    read.push(piece)
    length += piece.length
    if (length > longestRefusal) break
  }
  return Buffer.concat(read).toString()
}
