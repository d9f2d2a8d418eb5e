export interface Choice {
  /** What a user names it by: `key-sign`. */
  readonly program: string
  /** Names of its figures; absent for all. */
  readonly only?: readonly string[]
}

/**
 * What `npm run bench -- NAME …` runs: a program, all whose names begin so, or one figure (`key-sign/rsa-2048`).
 * @throws Error where there is no such program
 */
export function choose(programs: readonly string[], names: readonly string[]): Choice[] {
  if (names.length === 0) return programs.map((program) => ({ program }))
  for (const name of names) {
    if (matching(programs, name).length === 0) throw new Error(`No such measurement: ${name}. There are: ${programs.join(', ')}`)
  }
  return programs.flatMap((program) => {
    const here = names.filter((name) => matching(programs, name).includes(program))
    if (here.length === 0) return []
    const figures = here.filter((name) => name.includes('/'))
    return [figures.length === here.length ? { program, only: figures } : { program }]
  })
}

function matching(programs: readonly string[], name: string): readonly string[] {
  const [program = '', figure] = name.split('/')
  const exact = programs.filter((each) => each === program)
  return exact.length > 0 || figure !== undefined ? exact : programs.filter((each) => each.startsWith(program))
}
