import type { WorkChallenge, WorkSolution } from '../../shared/api/self-registrations.ts'
import { sha256Words } from './sha256.ts'

/** Milliseconds at a time: between them the page answers to fingers. */
const sliceMs = 8

/**
 * Finds the number by trying, a slice at a time while the form is being filled in.
 * @throws Error where no number fits: the challenge is not one of ours
 */
export async function solveWork(challenge: WorkChallenge, { now = () => Date.now(), rest = nextTask }: { now?: () => number; rest?: () => Promise<void> } = {}): Promise<WorkSolution> {
  const { maxnumber, ...signed } = challenge
  const wanted = [...Array(8).keys()].map((index) => parseInt(challenge.challenge.slice(index * 8, index * 8 + 8), 16) | 0)
  let until = now() + sliceMs
  for (let number = 0; number <= maxnumber; number++) {
    const words = sha256Words(challenge.salt + String(number))
    if (words[0] === wanted[0] && wanted.every((word, index) => word === words[index])) return { ...signed, number }
    // Asking the clock costs more than a hash.
    if (number % 64 === 63 && now() > until) {
      await rest()
      until = now() + sliceMs
    }
  }
  throw new Error('work without a solution')
}

const nextTask = () => new Promise<void>((resolve) => void setTimeout(resolve, 0))
