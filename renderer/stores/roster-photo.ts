import type { PhotoSource } from './photo-zip.ts'
import { bridge } from '../bridge/bridge.ts'

type RosterPhoto = Awaited<ReturnType<typeof bridge.roster.photos>>['photos'][number]

/** A picture in a row of a roster: the host has it, and hands it over piece by piece. */
export function rosterPhoto({ row, place, path, size }: RosterPhoto): PhotoSource {
  const piece = async (offset: number) => Uint8Array.fromBase64((await bridge.roster.readPhoto({ row, place, offset })).chunk)
  return {
    path,
    size,
    problem: null,
    head: async (bytes) => (await piece(0)).slice(0, bytes),
    content: async () => {
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let offset = 0; offset < size; ) {
        const part = await piece(offset)
        if (part.length === 0) break
        parts.push(part)
        offset += part.length
      }
      return new Blob(parts)
    },
  }
}
