import { randomUUID } from 'node:crypto'
import { setStage, creating, checking, reading, type BenchClerk, type Stage } from './central/central-stage.ts'
import { fillPeople } from './central/fill-people.ts'
import { load } from './central/http-load.ts'
import { against, atMost, report, type Figure } from './measure.ts'

// The central service with a million people against itself with ten thousand, both in twenty units: the same request to one
// and the other in turn.
const units = 20
const sizes = { many: 1_000_000, few: 10_000 }
const [rounds, perRound] = [10, 40]

async function setPeople(count: number): Promise<{ stage: Stage; next: () => number }> {
  const stage = await setStage(null, { units, beforeStart: ({ path, personal, clerks }) => fillPeople(path, personal, clerks, count) })
  let person = count
  return { stage, next: () => person++ }
}

const many = await setPeople(sizes.many)
const few = await setPeople(sizes.few)
const clerkOf = ({ stage }: typeof many): BenchClerk => stage.clerks[Math.floor(Math.random() * units)] as BenchClerk
const somewhere = () => Buffer.from(JSON.stringify({ afterId: randomUUID() })).toString('base64url')

const kinds: Readonly<Record<string, (people: typeof many, count: number) => Buffer>> = {
  create: (people) => creating(clerkOf(people), people.next()),
  list: (people) => reading(clerkOf(people), `/v1/registrations?limit=100&cursor=${somewhere()}`),
  changes: (people, count) => reading(clerkOf(people), `/v1/changes?limit=100&after=${Math.floor(Math.random() * (count / units - 100))}`),
  check: (people, count) => checking(clerkOf(people), Math.floor(Math.random() * count)),
}

const times = new Map(Object.keys(kinds).map((kind) => [kind, { many: [] as number[], few: [] as number[] }]))
for (let round = 0; round <= rounds; round++) {
  for (const [kind, make] of Object.entries(kinds)) {
    for (const [people, size] of [[many, 'many'], [few, 'few']] as const) {
      const requests = Array.from({ length: perRound }, () => make(people, sizes[size]))
      const measured = await load(String(people.stage.urls[0]), requests, 1)
      // The first round warms up.
      if (round > 0) times.get(kind)?.[size].push(...measured.times)
    }
  }
}
await many.stage.stop()
await few.stage.stop()
report([...times].map(([kind, { many: ours, few: peer }]): Figure => against(kind, ours, 'with 10,000 people', peer, { bound: atMost(1.5) })))
