import { runJob } from './test/report.ts'
import { runStep } from './test/step.ts'
import { build } from './test/steps.ts'

/** `npm run build`. */
await runJob(() => runStep(build))
