import { describe, expect, it } from 'vitest'
import { indexName as centralIndexName } from '../../../central/modules/registrations/names.ts'
import { indexName } from '../../../electron/host/database/names.ts'

const spellings = (text: string) => text.split(' ')

describe('the spellings by which a name is found', () => {
  it.each([
    ['单雄信', ['shanxiongxin', 'danxiongxin', 'chanxiongxin'], ['sxx', 'dxx']],
    ['仇英', ['qiuying', 'chouying'], ['qy', 'cy']],
    ['尉迟恭', ['yuchigong', 'weichigong'], ['ycg', 'wcg']],
    ['长孙无忌', ['zhangsunwuji', 'changsunwuji'], ['zswj', 'cswj']],
    ['区永年', ['ouyongnian', 'quyongnian'], ['oyn', 'qyn']],
    ['覃伟', ['qinwei', 'tanwei'], ['qw', 'tw']],
    ['翟志', ['zhaizhi', 'dizhi'], ['zz', 'dz']],
    ['曾国藩', ['zengguofan'], ['zgf']],
    ['吕布', ['lvbu'], ['lb']],
    ['欧阳修', ['ouyangxiu'], ['oyx']],
    ['张伟', ['zhangwei'], ['zw']],
  ])('%s is found by every reading of the surname', (name, pinyin, initials) => {
    expect(spellings(indexName(name).pinyin)).toEqual(expect.arrayContaining(pinyin))
    expect(spellings(indexName(name).initials)).toEqual(expect.arrayContaining(initials))
  })

  it('put the reading as a surname first', () => {
    expect(spellings(indexName('单雄信').pinyin)[0]).toBe('shanxiongxin')
  })

  it('leave out blanks and the dot in a name, and write letters small', () => {
    expect(spellings(indexName('阿卜杜·热合曼').pinyin)).toContain('abudureheman')
    expect(indexName('John Smith')).toEqual({ pinyin: 'johnsmith', initials: 'johnsmith', syllables: 'JOHNSMITH' })
    expect(indexName('  ')).toEqual({ pinyin: '', initials: '', syllables: '' })
  })

  it('tell where each syllable begins', () => {
    expect(spellings(indexName('单志刚').syllables)).toEqual(expect.arrayContaining(['ShanZhiGang', 'DanZhiGang']))
    expect(indexName('吕明华').syllables).toBe('LvMingHua')
  })

  it('are the same at the central service', () => {
    for (const name of ['单雄信', '区永年', '尉迟恭', '王小明']) expect(centralIndexName(name)).toEqual(indexName(name))
  })
})
