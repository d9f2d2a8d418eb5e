import { ownThread } from '../../own-thread.ts'
import { serveFaceScan } from './serve-face-scan.ts'

// Entry of the thread that looks through enrolled faces. It lives no longer than the thread that started it.
serveFaceScan(ownThread())
