import * as v from 'valibot'
import { managerFieldNames, type ManagerFieldName, type ManagerValues } from './manager-fields.ts'

/** A draft may hold anything a clerk can type, up to this many characters a field. */
export const draftFieldMaxLength = 500

const typedText = v.pipe(v.string(), v.maxLength(draftFieldMaxLength))

/** A whole form as typed: every field present, nothing else. */
export const managerValuesSchema = v.strictObject(
  Object.fromEntries(managerFieldNames.map((name) => [name, typedText])) as Record<ManagerFieldName, typeof typedText>,
) satisfies v.GenericSchema<ManagerValues>

/** A change of some fields. */
export const managerPatchSchema = v.strictObject(
  Object.fromEntries(managerFieldNames.map((name) => [name, v.exactOptional(typedText)])) as Record<
    ManagerFieldName,
    v.ExactOptionalSchema<typeof typedText, undefined>
  >,
)

export type ManagerPatch = Partial<ManagerValues>

export const managerFieldNameSchema = v.picklist(managerFieldNames)
