import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { IdCardReader } from './id-card-reader.ts'

const text = v.pipe(v.string(), v.maxLength(200))
const cardFile = v.object({ name: text, sex: text, ethnicity: text, birthDate: text, address: text, idCardNo: text, validUntil: text })

/**
 * A reader without a device, for tests and demonstrations: the card that lies on it is a JSON file with the fields of `RawIdCard`.
 * No file, no card; a file that is none of these is a card that cannot be read.
 */
export function createSimulatedReader(path: string): IdCardReader {
  return {
    label: '模拟阅读器',
    read: async () => {
      let content: string
      try {
        content = await readFile(path, 'utf8')
      } catch (error) {
        throw new AppError(isMissing(error) ? 'id-card-none' : 'id-card-reader-failed')
      }
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), cardFile), content)
      if (!parsed.success) throw new AppError('id-card-unreadable')
      return parsed.output
    },
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'
