import { ownThread } from '../own-thread.ts'
import { serveRosters } from './serve-rosters.ts'

// Entry of the thread that reads and writes rosters. It lives no longer than the thread that started it.
serveRosters(ownThread())
