import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

/** resources/token-drivers.json; docs/how-to-add-token-driver.md says how to add one. */
const catalogueSchema = v.strictObject({
  $schema: v.optional(v.string()),
  version: v.string(),
  drivers: v.array(
    v.strictObject({
      name: v.string(),
      vendor: v.string(),
      /** `good`: seen in use by more than one source; `weak`: one doubtful source; `development`: no real lock. */
      confidence: v.picklist(['good', 'weak', 'development']),
      interface: v.literal('pkcs11'),
      paths: v.strictObject({ win32: v.optional(v.array(v.string())), linux: v.optional(v.array(v.string())) }),
    }),
  ),
})
export type DriverCatalogue = v.InferOutput<typeof catalogueSchema>

export interface DriverCandidate {
  readonly name: string
  readonly path: string
}

/** @throws ValiError where the file that ships with the program is not what its schema says */
export function readDriverCatalogue(resources: string): DriverCatalogue {
  return v.parse(catalogueSchema, JSON.parse(readFileSync(join(resources, 'token-drivers.json'), 'utf8')))
}

/** Drivers of the catalogue that are installed here, in its order. `%SystemRoot%` is filled in. */
export function installedDrivers(catalogue: DriverCatalogue, platform: string = process.platform): DriverCandidate[] {
  return catalogue.drivers.flatMap(({ name, paths }) => {
    const known = platform === 'win32' ? paths.win32 : platform === 'linux' ? paths.linux : undefined
    return (known ?? [])
      .map((path) => path.replace(/%SystemRoot%/gi, process.env['SystemRoot'] ?? 'C:\\Windows'))
      .filter((path) => existsSync(path))
      .map((path) => ({ name, path }))
  })
}
