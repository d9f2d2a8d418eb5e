import { pinyin } from 'pinyin-pro'
import { describe, expect, it } from 'vitest'
import { dictionaries, dictionaryNames, type DictionaryName } from '../../../shared/dictionaries/index.ts'
import { dictionaryPinyin } from '../../../shared/dictionaries/pinyin.ts'
import { searchEntries } from '../../../shared/dictionaries/search.ts'

const found = (name: DictionaryName, typed: string) => searchEntries(dictionaries[name].entries, typed).map(({ label }) => label)

describe('typing in a select', () => {
  it.each(['回', '回族', 'hui', 'HuiZu', 'hui zu', 'ｈｕｉ'])('finds 回族 by %s', (typed) => {
    expect(found('ethnicity', typed)[0]).toBe('回族')
  })

  it('finds by initials, and by other spellings', () => {
    expect(found('ethnicity', 'wwez')).toEqual(['维吾尔族'])
    expect(found('highestEducation', '研究生')).toEqual(['硕士', '博士'])
    expect(found('politicalStatus', 'qz')).toEqual(['群众'])
  })

  it('counts pinyin from the beginning of a label on, so that zu is not every 族', () => {
    expect(found('ethnicity', 'zu')).toEqual([])
  })

  it('has what begins with the text before what only contains it', () => {
    expect(found('highestDegree', '博士')).toEqual(['博士', '名誉博士'])
  })

  it('finds nothing for what is nowhere, and everything before anything is typed', () => {
    expect(found('sex', 'zzz')).toEqual([])
    expect(found('sex', '  ')).toEqual(['男', '女'])
  })
})

describe('the pinyin of the dictionaries', () => {
  const labels = [...new Set(dictionaryNames.flatMap((name) => dictionaries[name].entries.map(({ label }) => label)))]

  it('is there for every label and nothing else, as the pinyin library reads it', () => {
    const read = (label: string) => pinyin(label.replace(/\P{Script=Han}/gu, ''), { toneType: 'none', type: 'array', v: true }).join(' ')
    expect(dictionaryPinyin).toEqual(Object.fromEntries(labels.map((label) => [label, read(label)])))
  })
})
