import { startProcess } from './start/processes.ts'
import { createShutdown, runUntilDone } from './start/shutdown.ts'

/**
 * `npm run face:soak -- --rounds N`: every clip before the fake webcam, twenty times. `FACE_CLIPS` names a folder of more of them (MJPEG,
 * 640x480), which are told by their names.
 */
const shutdown = createShutdown()
const clips = process.env['FACE_CLIPS']
await runUntilDone(shutdown, async () => {
  const args = ['tests/face-soak/run.ts', ...process.argv.slice(2), ...(clips ? ['--clips', clips] : [])]
  const run = shutdown.track(startProcess('face-soak', { command: process.execPath, args }))
  if ((await run.exited) !== 0) throw new Error('Some clip came to something else than it must, see above.')
})
