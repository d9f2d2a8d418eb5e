import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openTestUnit } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'
import { against, alone, alternate, atMost, benchDirectory, report } from './measure.ts'

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

report([
  against('kept', times.draft, 'fdatasync of 16 KiB', times.floor, { bound: atMost(2) }),
  alone('kept-p95', times.draft, { bound: atMost(100, 'ms'), part: 0.95 }),
  against('saved', times.save, 'fdatasync of 16 KiB', times.floor, { bound: atMost(4) }),
])
