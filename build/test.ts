import { runJob } from './test/report.ts'
import { runInTurn, runStep, sum } from './test/step.ts'
import { build, lint, nodeTypes, pageTypes, playwright, sharedTypes, testTypes, vitest, workerPageTypes } from './test/steps.ts'

/**
 * `npm test`. What only reads the sources runs side by side, unit tests among it; the others run one suite at a time, because
 * some of them measure how fast the product answers. Lint takes what time they leave.
 */
await runJob(async () => {
  const [shared, built] = await Promise.all([runStep(sharedTypes), runStep(build)])
  const linted = runStep(lint)
  const sources = await Promise.all([runInTurn([pageTypes, workerPageTypes, ...nodeTypes, testTypes]), runStep(vitest('unit', ['unit', 'desktop', 'renderer']))])
  const integration = await runStep(vitest('integration', ['integration', 'faults']))
  const endToEnd = await runStep(playwright())
  return sum([shared, built, ...sources, integration, endToEnd, await linted])
})
