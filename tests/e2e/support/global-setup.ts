import { memoryFolder, setup, teardown } from '../../../build/test/memory-folder.ts'
import { makeDemoTemplate } from './demo-template.ts'

/** Playwright hands the environment on to the processes that run the files. @returns takes away what it made */
async function prepareRun(): Promise<() => void> {
  setup()
  process.env['TMPDIR'] = memoryFolder
  const removeTemplate = await makeDemoTemplate()
  return () => {
    removeTemplate()
    teardown()
  }
}

export { prepareRun as default }
