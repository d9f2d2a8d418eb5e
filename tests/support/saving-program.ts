import { writeSync } from 'node:fs'
import { openTestUnit } from './local-unit.ts'
import { personValues } from './people.ts'

/**
 * A workstation's host that only saves, until it is killed: begins people, keeps drafts, submits. Tells each save on
 * stdout once it was acknowledged, one JSON a line. Started with the directory and the number of the first person, and
 * with `careless` to acknowledge what is not on the disk yet.
 */
const [directory, first, how] = process.argv.slice(2) as [string, string, string?]
const unit = await openTestUnit(directory)
if (how === 'careless') unit.local.file.pragma('synchronous = NORMAL')
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

for (let index = Number(first); ; index++) {
  const values = personValues(index)
  const begun = await unit.registrations.begin({ idCardNo: values.idCardNo })
  tell({ did: 'begin', id: begun.id })
  let { revision } = begun
  for (let step = 0; step < 3; step++) {
    const residenceDetail = `第${step}次录入`
    ;({ revision } = await unit.registrations.keepDraft({ id: begun.id, values: { ...values, residenceDetail }, revision }))
    tell({ did: 'keepDraft', id: begun.id, step })
  }
  if (index % 3 === 0) continue
  await unit.registrations.submit({ id: begun.id, values, revision })
  tell({ did: 'submit', id: begun.id })
}
