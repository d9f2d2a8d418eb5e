import { describe, expect, it } from 'vitest'
import { fieldsOf } from '../../../shared/domain/person-fields.ts'
import { tablesOf as subTablesOf } from '../../../shared/domain/person-tables.ts'
import { employmentStatusLabels, personTypes, organizationKindTable, reviewStatusLabels, syncStateLabels } from '../../../shared/domain/statuses.ts'
import { readSource, sourceFiles } from '../architecture/source-files.ts'
import { documentAt, tablesOf } from './documents.ts'

const tables = tablesOf(documentAt('docs/glossary.md'))
const notBuilt = 'Decided, not built yet'
const built = tables.filter(({ heading }) => heading !== notBuilt)
const identifiersIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '')
const rowsOf = (heading: string) => tables.find((table) => table.heading === heading)?.rows ?? []

/** The programs without their comments: a word that stands in a comment alone is no identifier. */
const code = sourceFiles
  .filter((path) => /^(shared|electron|central|renderer)\//.test(path))
  .map((path) => readSource(path).replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, ''))
  .join('\n')

function isInCode(identifier: string): boolean {
  if (identifier.startsWith("'")) return code.includes(identifier) || new RegExp(`^ *${identifier.slice(1, -1)}:`, 'm').test(code)
  return new RegExp(`(?<![\\w-])${identifier}(?![\\w-])`).test(code)
}

describe('the glossary', () => {
  it('has its tables', () => {
    expect(tables.length).toBeGreaterThan(0)
    expect(rowsOf(notBuilt).length).toBeGreaterThan(0)
  })

  it('has an identifier for each term', () => {
    const without = tables.flatMap(({ rows }) => rows).filter(([, identifier = '']) => identifiersIn(identifier).length === 0)
    expect(without).toEqual([])
  })

  it('names identifiers that stand in the code', () => {
    const named = built.flatMap(({ rows }) => rows).flatMap(([, identifier = '', meaning = '']) => [...identifiersIn(identifier), ...identifiersIn(meaning)])
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter((identifier) => !isInCode(identifier))).toEqual([])
  })

  it('says of nothing that it is not built when it is', () => {
    const distinct = rowsOf(notBuilt).flatMap(([, identifier = '']) => identifiersIn(identifier)).filter((word) => /[a-z][A-Z]/.test(word))
    expect(distinct.length).toBeGreaterThan(0)
    expect(distinct.filter(isInCode)).toEqual([])
  })

  it.each(personTypes)('has every field of a %s with its label, and a star where it is required', (personType) => {
    const told = rowsOf(`Fields of a ${personType}`).map(([label, identifier = '']) => [identifiersIn(identifier)[0], label])
    const fields = Object.entries(fieldsOf(personType)).map(([name, { label, required }]) => [name, `${label}${required ? '*' : ''}`])
    expect(told).toEqual(fields)
  })

  it.each(personTypes)('has every sub-table of a %s with its columns, and a star where a row cannot do without', (personType) => {
    const told = rowsOf(`Sub-tables of a ${personType}`).map(([label, identifier = '', columns]) => [identifiersIn(identifier)[0], label, columns])
    const ours = Object.entries(subTablesOf(personType)).map(([table, { label, note, columns: all }]) => {
      const columns = Object.entries(all).map(([name, column]) => `${column.label}${column.required ? '*' : ''} \`${name}\``)
      return [table, `${label}${note === '' ? '' : `（${note}）`}`, columns.join(', ')]
    })
    expect(told).toEqual(ours)
  })

  it('has every status and kind with its label', () => {
    const text = tables.filter(({ heading }) => heading !== notBuilt).flatMap(({ rows }) => rows).map((row) => row.join(' ')).join('\n')
    const kinds = Object.entries(organizationKindTable).map(([kind, { label }]) => [kind, label] as const)
    const labels = [reviewStatusLabels, syncStateLabels, employmentStatusLabels].flatMap((table) => Object.entries<string>(table))
    for (const [value, label] of [...kinds, ...labels]) expect(text).toMatch(new RegExp(`${label}[^,，]*\`'${value}'\``))
  })
})
