import * as v from 'valibot'
import { matchThresholdsSchema, type MatchThresholds } from '../../shared/domain/face/matching.ts'

/** The content of the file of `--face-thresholds`. @throws Error of one line */
export function faceThresholdsIn(text: string): MatchThresholds {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), matchThresholdsSchema), text)
  if (read.success) return read.output
  throw new Error('--face-thresholds takes a file of {"sameAsDocument": 0.5, "clerkDecides": 0.6, "duplicate": 0.45, "similar": 0.55}, each from 0.2 to 0.8 and no first one of a pair beyond its second')
}
