import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describePictures, notFoundOnChip, portraitsOf, type FacePath } from '../../build/face/describe-pictures.ts'
import { evaluate, type Evaluated } from '../../build/face/evaluation.ts'
import { bundleFaceTools, openFacePage, type FacePage } from '../../build/face/face-page.ts'
import { parsePairs, picturesOf } from '../../build/face/pairs.ts'
import { atMost, notMeasured, report, type Figure } from './measure.ts'

// How often a face is taken for another one, against face-api's usual way (SSD, its own crop) on the same pairs: FACE_IMAGES names the
// folder of the pictures, FACE_PAIRS the list (docs/face-calibration.md). No pictures of people come with this program.
const [images, list] = [process.env['FACE_IMAGES'], process.env['FACE_PAIRS']]
const names = ['equal-error', 'missed-at-one-false-in-1000', 'not-found-on-chip']

if (images && list) await measure(images, list)
else report(names.map((name) => notMeasured(name, 'no images')))

async function measure(pictures: string, pairsFile: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'face-accuracy-'))
  try {
    await bundleFaceTools(folder)
    const pairs = parsePairs(readFileSync(pairsFile, 'utf8'))
    const within = async <Value>(work: (page: FacePage) => Promise<Value>): Promise<Value> => {
      const page = await openFacePage({ folder, pictures })
      return work(page).finally(() => page.close())
    }
    const portraits = await within((page) => portraitsOf(page, picturesOf(pairs)))
    const of = async (path: FacePath) => ({
      rates: evaluate(path, pairs, await within((page) => describePictures(page, path, picturesOf(pairs), () => undefined))),
      onChip: (await within((page) => notFoundOnChip(page, path, portraits))) / portraits.length,
    })
    const [ours, usual] = [await of('ours'), await of('face-api')]
    report(figures(ours, usual))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Measured {
  readonly rates: Evaluated
  readonly onChip: number
}

function figures(ours: Measured, usual: Measured): Figure[] {
  const peer = (value: number) => ({ name: 'face-api, SSD and its own crop', value: value * 100 })
  const equal = ({ rates }: Measured) => rates.rates.equalError.rate
  const missed = ({ rates }: Measured) => rates.rates.atFalseMatch(1e-3).falseNonMatch
  return [
    { name: names[0]!, value: equal(ours) * 100, unit: '%', peer: peer(equal(usual)), bound: atMost(0.5) },
    { name: names[1]!, value: missed(ours) * 100, unit: '%', peer: peer(missed(usual)), bound: atMost(0.33) },
    { name: names[2]!, value: ours.onChip * 100, unit: '%', peer: peer(usual.onChip), bound: atMost(3, '%') },
  ]
}
