import { runJob } from './test/report.ts'
import { runInTurn, runStep, sum } from './test/step.ts'
import { build, lint, nodeTypes, pageTypes, playwright, vitest } from './test/steps.ts'

/**
 * `npm test`. What only reads the sources runs side by side, unit tests among it; the others run one suite at a time, because
 * some of them measure how fast the product answers.
 */
await runJob(async () => {
  const sources = await Promise.all([runInTurn([build, pageTypes, lint]), runInTurn([...nodeTypes, vitest('unit', ['unit', 'desktop', 'renderer'])])])
  const integration = await runStep(vitest('integration', ['integration']))
  return sum([...sources, integration, await runStep(playwright())])
})
