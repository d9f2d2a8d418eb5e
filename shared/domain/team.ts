import * as v from 'valibot'
import { tidyText } from './tidy-values.ts'

/** Characters of the name of a 班组. */
export const teamNameLength = 30

/** In its one spelling it is kept: two names that differ by blanks alone are one. PostgreSQL stores no NUL. */
export const teamNameSchema = v.pipe(v.string(), v.maxLength(teamNameLength), v.regex(/\S/), v.regex(/^\P{Cc}*$/u))

export const normalizeTeamName = (typed: string): string => tidyText(typed)
