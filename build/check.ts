import { runJob } from './test/report.ts'
import { runInTurn, runStep, sum } from './test/step.ts'
import { lint, nodeTypes, pageTypes, sharedTypes, testTypes, vitest, workerPageTypes } from './test/steps.ts'

/** `npm run check`: what can be known in seconds, before a commit. */
await runJob(async () => {
  const shared = await runStep(sharedTypes)
  const sources = await Promise.all([runInTurn([pageTypes, workerPageTypes, lint]), runInTurn([...nodeTypes, testTypes])])
  return sum([shared, ...sources, await runStep(vitest('unit', ['unit', 'desktop', 'renderer']))])
})
