import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRoster } from '../../../electron/host/roster/read-roster.ts'
import { contentOf } from '../../support/attachment-files.ts'
import { openTestUnit, temporaryDirectory, type TestUnit } from '../../support/local-unit.ts'
import { officeFile, type OfficeCell } from '../../support/office-files.ts'
import { personName, personValues } from '../../support/people.ts'
import { rosterHeaders, rosterRow } from '../../support/roster-files.ts'
import { rosterDesk, type RosterDesk } from '../../support/rosters.ts'

const [one, two, three] = [contentOf('jpeg', 600_000), contentOf('png', 900), contentOf('jpeg', 901)]
const dispimg = (id: string): OfficeCell => ({ formula: `_xlfn.DISPIMG("${id}",1)`, s: `=DISPIMG("${id}",1)` })
const person = (index: number, ...more: (OfficeCell | string | null)[]) => [...rosterRow(personValues(index)).map((text) => text || null), ...more]
const [photo, card] = [rosterHeaders.length, rosterHeaders.length + 1]
const headers = [...rosterHeaders, '照片', '身份证国徽面']
const photosOf = async (file: Buffer) =>
  [...(await readRoster(file)).photos].flatMap(([row, photos]) => photos.map((each) => ({ row, type: each.type, content: each.content() }))).sort((a, b) => a.row - b.row)

describe('the pictures of a roster', () => {
  it('embedded in cells by WPS belong to their rows, by their header', async () => {
    const rows = [headers, person(1, dispimg('ID_0A')), person(2, dispimg('ID_0B'), dispimg('ID_0C')), person(3, dispimg('ID_GONE'))]
    expect(await photosOf(officeFile({ rows, pictures: { ID_0A: one, ID_0B: two, ID_0C: three } }))).toEqual([
      { row: 2, type: '03', content: one }, { row: 3, type: '03', content: two }, { row: 3, type: '02', content: three },
    ])
  })

  it('laid over cells by Excel belong to the row that most of them covers', async () => {
    const rows = [headers, person(1), person(2), person(3), person(4)]
    const anchored = [
      { from: [1, photo], to: [1, photo], content: one },
      // Begun a little too high, and ended a little too low.
      { from: [1, photo], to: [2, photo], below: [280_000, 270_000], height: 290_000, content: two },
      { from: [3, photo], to: [4, photo], below: [9_000, 20_000], height: 300_000, content: three },
      { from: [3, card], to: [5, card], content: one },
    ] as const
    expect((await photosOf(officeFile({ rows, anchored }))).map(({ row, type, content }) => [row, type, content.length])).toEqual([
      [2, '03', one.length], [3, '03', two.length], [4, '03', three.length], [5, '02', one.length],
    ])
  })
})

describe('an import with pictures', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  let unit: TestUnit
  let desk: RosterDesk
  beforeEach(async () => {
    directory = temporaryDirectory()
    unit = await openTestUnit(directory.path)
    desk = rosterDesk(unit)
  })
  afterEach(async () => {
    await desk.service.close()
    await unit.close()
    directory.remove()
  })
  const open = (file: Buffer) => {
    writeFileSync(join(directory.path, 'r.xlsx'), file)
    return desk.open(join(directory.path, 'r.xlsx'))
  }

  it('tells them in the preview, and once the rows are registered whose they are; a row that is wrong gives none', async () => {
    const wrong = person(2, dispimg('ID_0B'))
    wrong[rosterHeaders.indexOf('职务')] = null
    expect(await open(officeFile({ rows: [headers, person(1, dispimg('ID_0A')), wrong], pictures: { ID_0A: one, ID_0B: two } }))).toMatchObject({ photos: 2, counts: { create: 1, error: 1 } })
    expect((await desk.calls.rows({ kind: null, from: 0, count: 9 })).rows.map(({ photos }) => photos)).toEqual([1, 1])
    expect((await desk.calls.photos({})).photos).toMatchObject([{ match: { outcome: 'unknown' } }])
    await desk.calls.commit({ mode: 'submit' })
    await desk.reached('written')
    const { photos } = await desk.calls.photos({})
    expect(photos).toMatchObject([{ row: 0, place: 0, path: `第2行 ${personName(1)}`, size: one.length, match: { outcome: 'matched', name: personName(1), type: '03', has: false } }])
    const [first, second] = [await desk.calls.readPhoto({ row: 0, place: 0, offset: 0 }), await desk.calls.readPhoto({ row: 0, place: 0, offset: 393_216 })]
    expect(Buffer.concat([first, second].map(({ chunk }) => Buffer.from(chunk, 'base64')))).toEqual(one)
    await expect(desk.calls.readPhoto({ row: 0, place: 1, offset: 0 })).rejects.toMatchObject({ code: 'roster-run-gone' })
  })

  it('is possible for the pictures alone, of people who are registered already', async () => {
    const file = officeFile({ rows: [headers, person(1, dispimg('ID_0A'))], pictures: { ID_0A: one } })
    await open(file)
    await desk.calls.commit({ mode: 'save' })
    await desk.reached('written')
    await open(file)
    expect(await desk.calls.state({})).toMatchObject({ counts: { same: 1, create: 0 } })
    await desk.calls.commit({ mode: 'save' })
    expect(await desk.reached('written')).toMatchObject({ created: 0, updated: 0, left: 0 })
    expect((await desk.calls.photos({})).photos).toMatchObject([{ match: { outcome: 'matched', name: personName(1) } }])
  })
})
