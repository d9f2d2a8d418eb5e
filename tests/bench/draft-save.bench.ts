import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openTestUnit } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'
import { alternate, benchDirectory, median, ms, quantile, report } from './measure.ts'

// What a clerk types must be on the disk within a second, encrypted: how much more than the disk itself does a save cost?
using directory = benchDirectory()
const unit = await openTestUnit(directory.path)
const values = personValues(1)
const begun = await unit.registrations.begin({ idCardNo: values.idCardNo })
let { revision } = begun

const floor = openSync(join(directory.path, 'floor'), 'w')
const pages = Buffer.alloc(16_384, 7)
// Written once before: a file that grows costs the file system a second write.
for (let block = 0; block < 64; block++) writeSync(floor, pages)
fdatasyncSync(floor)

const times = await alternate(
  {
    floor: (round) => {
      writeSync(floor, pages, 0, pages.length, (round % 64) * pages.length)
      fdatasyncSync(floor)
    },
    draft: async (round) => {
      ;({ revision } = await unit.registrations.keepDraft({ id: begun.id, values: { ...values, residenceDetail: `示例路${round}号` }, revision }))
    },
    save: async (round) => {
      ;({ revision } = await unit.registrations.save({ id: begun.id, values: { ...values, residenceDetail: `示例路${round}弄` }, revision }))
    },
  },
  1_000,
)
closeSync(floor)
await unit.close()

const against = `fdatasync ${ms(median(times.floor))}`
report([
  { what: 'draft kept, p50', ours: ms(median(times.draft)), against, value: median(times.draft) / median(times.floor), goal: { atMost: 2 } },
  { what: 'draft kept, p95', ours: ms(quantile(times.draft, 0.95)), against: 'one second', value: quantile(times.draft, 0.95), unit: 'ms', goal: { atMost: 100 } },
  { what: '保存, p50', ours: ms(median(times.save)), against, value: median(times.save) / median(times.floor), goal: { atMost: 4 } },
])
