import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { describePictures, type FacePath } from './face/describe-pictures.ts'
import { detPlot } from './face/det-plot.ts'
import { distancesCsv, evaluate, productThresholds, ratesCsv, report, type Evaluated } from './face/evaluation.ts'
import { bundleFaceTools, openFacePage } from './face/face-page.ts'
import { EvaluationError, parsePairs, picturesOf, type Pair } from './face/pairs.ts'

const usage = `用法 usage: npm run face:evaluate -- --images 图片文件夹 --pairs 图片对.csv [--out 结果文件夹] [--compare]
  --images   图片文件夹，路径以此为准 · the folder that the pictures' paths start from
  --pairs    CSV，列 a,b,same：两张图片的路径，是否同一人 1/0 · columns a,b,same: two paths, and 1 for one person or 0
  --out      写入 DET 曲线和表格，默认 out/face-evaluation · where curve and tables go
  --compare  同时评测 face-api 的默认做法 · face-api's usual way beside ours`

const names: Readonly<Record<FacePath, string>> = { 'ours': '本程序 ours', 'face-api': 'face-api 默认 default' }

/**
 * `npm run face:evaluate`: how often this program's way with faces is wrong on an operator's own pictures, and which thresholds that
 * suggests (docs/face-calibration.md). Nothing leaves the machine.
 */
try {
  await run()
} catch (error) {
  if (!(error instanceof EvaluationError) && !(error instanceof TypeError && 'code' in error)) throw error
  console.error(`${error.message}\n\n${usage}`)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { images: { type: 'string' }, pairs: { type: 'string' }, out: { type: 'string' }, compare: { type: 'boolean', default: false } } })
  if (!values.images || !values.pairs) throw new EvaluationError('请给出 --images 和 --pairs。', 'Give --images and --pairs.')
  const folder = resolve(values.images)
  const pairs = readPairs(folder, resolve(values.pairs))
  const out = resolve(values.out ?? 'out/face-evaluation')
  const evaluated = await evaluatePaths(folder, pairs, values.compare ? ['ours', 'face-api'] : ['ours'])
  for (const line of report(evaluated)) console.log(line)
  mkdirSync(out, { recursive: true })
  const curves = evaluated.map(({ name, rates }, index) => ({ name, curve: rates.curve, marked: index === 0 ? productThresholds.map(({ threshold }) => rates.at(threshold)) : [] }))
  writeFileSync(join(out, 'det.svg'), detPlot('人脸比对错误率 DET', curves))
  writeFileSync(join(out, 'rates.csv'), ratesCsv(evaluated))
  writeFileSync(join(out, 'distances.csv'), distancesCsv(evaluated))
  console.log(`已写入 written: ${join(out, 'det.svg')}, rates.csv, distances.csv`)
}

function readPairs(folder: string, file: string): Pair[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new EvaluationError(`没有这个图片文件夹：${folder}`, `No such folder of pictures: ${folder}`)
  if (!existsSync(file) || !statSync(file).isFile()) throw new EvaluationError(`没有这个图片对文件：${file}`, `No such pairs file: ${file}`)
  const pairs = parsePairs(readFileSync(file, 'utf8'))
  const missing = picturesOf(pairs).filter((picture) => !existsSync(join(folder, picture)))
  if (missing.length > 0) {
    const some = missing.slice(0, 5).join('、')
    throw new EvaluationError(`图片文件夹里缺少 ${missing.length} 张图片：${some}${missing.length > 5 ? ' …' : ''}`, `${missing.length} pictures of the pairs file are not in the folder.`)
  }
  return pairs
}

async function evaluatePaths(folder: string, pairs: readonly Pair[], paths: readonly FacePath[]): Promise<Evaluated[]> {
  const pictures = picturesOf(pairs)
  const bundle = mkdtempSync(join(tmpdir(), 'face-tools-'))
  try {
    await bundleFaceTools(bundle)
    const evaluated: Evaluated[] = []
    for (const path of paths) {
      const page = await openFacePage({ folder: bundle, pictures: folder })
      const descriptors = await describePictures(page, path, pictures, (done) => progress(names[path], done, pictures.length)).finally(() => page.close())
      evaluated.push(evaluate(names[path], pairs, descriptors))
    }
    return evaluated
  } finally {
    rmSync(bundle, { recursive: true, force: true })
  }
}

function progress(name: string, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done} / ${of}${done === of ? '\n' : ''}`)
}
