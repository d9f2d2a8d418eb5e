import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, longest first: one of them begun last would run alone while nothing else is left to do. */
const longest = [
  'tests/integration/sync/fuzz-processes.test.ts', 'tests/security/authorisation.test.ts', 'tests/integration/start/start.test.ts', 'tests/integration/central/program.test.ts',
  'tests/security/openapi-fuzz.test.ts', 'tests/faults/damaged-file.test.ts', 'tests/integration/central-auth/ca-lock.test.ts', 'tests/integration/central-auth/password.test.ts',
  'tests/integration/rosters/import.test.ts', 'tests/faults/upload-kill.test.ts', 'tests/integration/central-auth/revocation-cache.test.ts', 'tests/integration/central/isolation.test.ts',
  'tests/integration/sync/fuzz.test.ts', 'tests/faults/disk.test.ts', 'tests/faults/central-kill.test.ts',
] as const

const placeOf = ({ moduleId }: TestSpecification) => {
  const place = longest.findIndex((path) => moduleId.endsWith(path))
  return place < 0 ? longest.length : place
}

/** The order in which vitest takes files; those that are not named keep its own. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other))
  }
}
