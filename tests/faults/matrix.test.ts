import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = 'tests/faults'
const page = readFileSync(join(root, folder, 'README.md'), 'utf8')

/** Every row of the tables but their heads: fault, how it is made, what must hold, tests. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| fault |'))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
const testsIn = (text: string) => [...text.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path]) => path ?? '')

describe('the table of faults', () => {
  it('says of each how it is made, what must hold, and where that is tested', () => {
    expect(rows.length).toBeGreaterThan(45)
    for (const row of rows) {
      expect(row, row[0]).toHaveLength(4)
      for (const cell of row) expect(cell, row[0]).not.toBe('')
      expect(testsIn(row[3] ?? '').length, row[0]).toBeGreaterThan(0)
    }
  })

  it('names tests that exist', () => {
    expect(testsIn(page).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('names every test of the folder', () => {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts')).map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    expect(files.length).toBeGreaterThan(25)
    expect(files.filter((path) => !testsIn(page).includes(path))).toEqual([])
  })
})
