import Database from 'better-sqlite3'
import { countCommits } from '../fuzz/crash-points.ts'

/** Preloaded into the central service: it dies right before or right after its first commit that follows SIGUSR2. */
const dieAt = countCommits(Database.prototype)
process.on('SIGUSR2', () => {
  dieAt({ when: process.env['DIES'] === 'before' ? 'before' : 'after', commits: 1 })
  console.log('heard')
})
