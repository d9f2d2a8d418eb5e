import { writeFileSync } from 'node:fs'
import { writeWorkbook } from '../../../electron/host/roster/workbook.ts'
import { personValues } from '../../support/people.ts'
import { rosterHeaders, rosterRow } from '../../support/roster-files.ts'

/** Writes a roster of so many people and columns, in a process of its own: what it takes to make one is not to be measured. */
const [path = '', people = '', columns = ''] = process.argv.slice(2)
const more = Array.from({ length: Number(columns) - rosterHeaders.length }, (_, index) => `备注${index + 1}`)
const rows = Array.from({ length: Number(people) }, (_, index) => [...rosterRow(personValues(index)).map((text) => text || null), ...more.map((_, column) => `说明${column}第${index}号`)])
writeFileSync(path, await writeWorkbook([{ name: '名册', rows: [[...rosterHeaders, ...more], ...rows] }]))
