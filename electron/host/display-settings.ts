import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { displaySettingsSchema, usualDisplaySettings, type DisplaySettings } from '../../shared/contract/display.contract.ts'
import { writeDurably } from './database/durable-file.ts'

const pathIn = (data: string) => join(data, 'display.json')
const fileSchema = v.pipe(v.string(), v.parseJson(), displaySettingsSchema)

/**
 * 显示设置 as they were chosen on this workstation. They lie in plain: a shell asks for them before there is a page, and
 * they say nothing about anybody. A file that is not there or says something else is as if nobody had chosen.
 * @param data the folder of local data
 */
export function readDisplaySettings(data: string): DisplaySettings {
  const { success, output } = v.safeParse(fileSchema, textOf(pathIn(data)))
  return success ? output : usualDisplaySettings
}

/** @throws AppError local-full, local-read-only */
export function keepDisplaySettings(data: string, settings: DisplaySettings): void {
  writeDurably(pathIn(data), Buffer.from(JSON.stringify(settings)))
}

/** Whatever keeps it from being read, the window opens: only its looks are in it. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
