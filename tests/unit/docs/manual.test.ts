import { describe, expect, it } from 'vitest'
import { readSource, sourceFiles } from '../architecture/source-files.ts'
import { documentAt } from './documents.ts'

const manual = documentAt('docs/操作手册.md')
const page = sourceFiles.filter((path) => /^(renderer|shared|central\/worker-page)\//.test(path)).map((path) => readSource(path)).join('\n')

/** Whether a text stands in the page, any number in it being a placeholder there. */
function isShown(text: string): boolean {
  if (page.includes(text)) return true
  const parts = text.split(/\d+/)
  return parts.length > 1 && page.split('\n').some((line) => parts.every((part) => line.includes(part)))
}

describe("the clerk's manual", () => {
  it('names menus and buttons that the page shows', () => {
    const named = [...manual.prose.matchAll(/【([^】]+)】/g)].map(([, name]) => name ?? '')
    expect(named.length).toBeGreaterThan(50)
    expect([...new Set(named)].filter((name) => name !== '' && !isShown(name))).toEqual([])
  })

  it('quotes sentences as the program says them', () => {
    const sentences = [...manual.prose.matchAll(/「([^」]+)」/g)].map(([, sentence]) => sentence ?? '')
    expect(sentences.length).toBeGreaterThan(10)
    expect([...new Set(sentences)].filter((sentence) => sentence !== '内是界面上的提示。' && !isShown(sentence))).toEqual([])
  })
})
