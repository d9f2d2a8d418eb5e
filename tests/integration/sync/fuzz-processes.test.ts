import { expect, it } from 'vitest'
import { fuzz, type FuzzResult } from '../../fuzz/fuzz.ts'

const steps = 1_000
const patience = 400_000
const told = ({ failure, seed }: FuzzResult) => failure && [...failure.last, failure.message, `Again: npm run fuzz -- --steps ${steps} --seed ${seed}`].join('\n')

it('over 1,000 steps of work, faults and kills nothing is lost, nothing is there twice, and all ends agree', async () => {
  const result = await fuzz({ seed: 1, steps })
  expect(told(result)).toBeNull()
  expect(Object.keys(result.counts)).toEqual(expect.arrayContaining(['submit', 'exchange fault', 'kill', 'resolve', 'restart', 'withdraw']))
}, patience)

it('the fuzzer finds within 1,000 steps that the central service applies a key twice', async () => {
  const { failure } = await fuzz({ seed: 9, steps, plant: 'idempotency-off' })
  expect(failure?.message).toMatch(/a repeated key .* was answered|asked about|withdrawn, and registered again/)
}, patience)

it('the fuzzer finds within 1,000 steps that the cursor is saved before what it stands for', async () => {
  const { failure } = await fuzz({ seed: 11, steps, plant: 'cursor-outside' })
  expect(failure?.message).toMatch(/at the central service and not here| here and .* there|differs from the central service/)
}, patience)
