import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'

const manifestSchema = v.object({ version: v.string() })

/** Of the package this file belongs to, whether it runs from its source or from out/. */
export function programVersion(folder = import.meta.dirname): string {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return v.parse(manifestSchema, JSON.parse(readFileSync(file, 'utf8'))).version
  if (dirname(folder) === folder) throw new Error('package.json 不见了')
  return programVersion(dirname(folder))
}
