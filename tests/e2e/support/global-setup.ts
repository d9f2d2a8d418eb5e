import { memoryFolder, setup, teardown } from '../../../build/test/memory-folder.ts'
import { faceClips } from '../../support/face-clips/face-clips.ts'
import { makeDemoTemplate } from './demo-template.ts'

/** Playwright hands the environment on to the processes that run the files. @returns takes away what it made */
async function prepareRun(): Promise<() => void> {
  setup()
  process.env['TMPDIR'] = memoryFolder
  // Clips stay for the next run; while files run beside each other they would take a minute.
  const [removeTemplate] = await Promise.all([makeDemoTemplate(), faceClips()])
  return () => {
    removeTemplate()
    teardown()
  }
}

export { prepareRun as default }
