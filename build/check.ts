import { runJob } from './test/report.ts'
import { runInTurn, runStep, sum } from './test/step.ts'
import { lint, nodeTypes, pageTypes, vitest } from './test/steps.ts'

/** `npm run check`: what can be known in seconds, before a commit. */
await runJob(async () => {
  const sources = await Promise.all([runInTurn([pageTypes, lint]), runInTurn(nodeTypes)])
  return sum([...sources, await runStep(vitest('unit', ['unit', 'desktop', 'renderer']))])
})
