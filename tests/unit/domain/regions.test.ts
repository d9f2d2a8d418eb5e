import { readFileSync } from 'node:fs'
import { pinyin } from 'pinyin-pro'
import { describe, expect, it } from 'vitest'
import { abolishedRegions, provinceNames } from '../../../shared/domain/region-codes.ts'
import { createRegions, type Region, type RegionNode } from '../../../shared/domain/regions.ts'

interface RegionFile {
  version: string
  source: string
  changes: string[]
  regions: RegionNode[]
}

const file = JSON.parse(readFileSync(new URL('../../../resources/regions/regions.json', import.meta.url), 'utf8')) as RegionFile
const regions = createRegions(file.regions)
const nodesIn = (nodes: readonly RegionNode[]): RegionNode[] => nodes.flatMap((node) => [node, ...nodesIn(node[3] ?? [])])
const nodes = nodesIn(file.regions)
const leavesOf = (region: Region): Region[] => (region.children.length === 0 ? [region] : region.children.flatMap(leavesOf))
const isZone = (code: string) => /^....7[1-9]$/.test(code)
const counties = nodes.filter(([code]) => !code.endsWith('00') && !isZone(code))
const paths = (query: string, limit = 5) => regions.search(query, limit).map(({ path }) => path.join(' '))

describe('the file of regions', () => {
  it('says what it is, whose and of when', () => {
    expect(file.version).toMatch(/^\d{4}-\d{2}\.\d+$/)
    expect(file.source).toMatch(/National Bureau of Statistics.*2023-06-30/)
  })

  it('has the 34 of province level, with the names that ID numbers are read by', () => {
    const names = Object.fromEntries(file.regions.map(([code, name]) => [code.slice(0, 2), name]))
    expect(Object.keys(names)).toHaveLength(34)
    const { 83: taiwanOnPermits, ...known } = provinceNames
    expect(names).toEqual(known)
    expect(taiwanOnPermits).toBe(names['71'])
  })

  it('is whole down to the counties: 333 prefectures in 27 provinces, 2,852 county units and cities without any', () => {
    const prefectures = nodes.filter(([code, name]) => /^\d{4}00$/.test(code) && !code.endsWith('0000') && !/^(市辖区|县|.*直辖县级行政区划)$/.test(name))
    expect(prefectures).toHaveLength(333)
    expect(counties).toHaveLength(2_852)
    const withoutCounties = prefectures.filter(([, , , children]) => !children).map(([, name]) => name)
    expect(withoutCounties).toEqual(['东莞市', '中山市', '儋州市', '嘉峪关市'])
  })

  it('has every code once, in six digits, under the code it belongs to, in order', () => {
    expect(new Set(nodes.map(([code]) => code)).size).toBe(nodes.length)
    for (const [code, name, , children = []] of nodes) {
      expect(code).toMatch(/^[1-8]\d{5}$/)
      expect(name).toMatch(/^\p{Script=Han}+$/u)
      const digits = code.endsWith('0000') ? 2 : 4
      for (const [child] of children) expect(child.slice(0, digits), `${child} under ${code}`).toBe(code.slice(0, digits))
      expect(children.map(([child]) => child)).toEqual(children.map(([child]) => child).sort())
    }
  })

  it('has the 16 districts of Shanghai', () => {
    const shanghai = regions.find('310000')
    expect(shanghai?.children.map(({ path }) => path.at(-1))).toEqual(
      '黄浦区 徐汇区 长宁区 静安区 普陀区 虹口区 杨浦区 闵行区 宝山区 嘉定区 浦东新区 金山区 松江区 青浦区 奉贤区 崇明区'.split(' '),
    )
  })

  it.each([
    ['110000', 16],
    ['120000', 16],
    ['310000', 16],
    ['500000', 37],
  ])('has the districts and counties of the municipality %s: %i', (code, count) => {
    expect(regions.find(code)?.children).toHaveLength(count)
  })

  it.each([
    ['540481', '西藏自治区林芝市米林市'],
    ['540581', '西藏自治区山南市错那市'],
    ['653228', '新疆维吾尔自治区和田地区和康县'],
    ['653229', '新疆维吾尔自治区和田地区和安县'],
    ['653132', '新疆维吾尔自治区喀什地区岑岭县'],
    ['659013', '新疆维吾尔自治区草湖市'],
    ['460302', '海南省三沙市西沙区'],
    ['500157', '重庆市两江新区'],
  ])('knows the change that made %s %s', (code, label) => {
    expect(regions.label(code)).toBe(label)
  })

  it('holds no code that was abolished', () => {
    expect(Object.keys(abolishedRegions).filter((code) => regions.find(code))).toEqual([])
  })

  it('spells every name by one syllable a character, as the pinyin library reads it but for the places it does not know', () => {
    const misread =
      /[都]|尉犁县|乐陵市|乐亭县|大埔县|六合区|单县|浚县|筠连县|洪洞县|繁峙县|蔚县|珲春市|歙县|涡阳县|泌阳县|黄陂区|什邡市|吴堡县|宕昌县|称多县|乌什县|乐清市|民乐县|牟定县|蚌山区/
    for (const [, name, spelling] of nodes) {
      expect(spelling.split(' '), name).toHaveLength([...name].length)
      if (!misread.test(name)) expect(spelling, name).toBe(pinyin(name, { toneType: 'none', type: 'array', v: true }).join(' '))
    }
  })
})

describe('a region as it is shown', () => {
  it('has at most three levels, none of them a filler', () => {
    const all = regions.provinces.flatMap(leavesOf)
    expect(all.length).toBeGreaterThan(2_900)
    for (const { path } of all) {
      expect(path.length).toBeLessThanOrEqual(3)
      for (const name of path) expect(name).not.toMatch(/^(市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)$/)
    }
  })

  it('is one choice for 香港 澳门 台湾 and for a city without districts', () => {
    for (const code of ['710000', '810000', '820000', '441900', '442000', '460400', '620200']) expect(regions.find(code)?.children, code).toEqual([])
  })

  it('reads from the province down, a filler as what it fills, an unknown code as itself', () => {
    expect(regions.label('310104')).toBe('上海市徐汇区')
    expect(regions.label('429004')).toBe('湖北省仙桃市')
    expect(regions.label('441900')).toBe('广东省东莞市')
    expect(regions.label('310100')).toBe('上海市')
    expect(regions.label('310103')).toBe('310103')
    expect(regions.label('')).toBe('')
  })

  it('is found by the code of every choice', () => {
    for (const leaf of regions.provinces.flatMap(leavesOf)) {
      expect(regions.find(leaf.code)).toBe(leaf)
      expect(regions.label(leaf.code)).toBe(leaf.path.join(''))
    }
  })
})

describe('a search for a region', () => {
  it.each(['徐汇', '徐汇区', '上海徐汇', 'xuhui', 'XuHui', 'ｘｕｈｕｉ', 'shanghai xuhui', 'shanghaixuhui', 'shanghaishixuhuiqu', 'shxh', 'sh xh', '上海 xh', '徐汇 上海'])('by %j finds 徐汇区 of Shanghai first', (query) => {
    expect(paths(query)[0]).toBe('上海市 徐汇区')
  })

  it.each([
    ['pdx', '上海市 浦东新区'],
    ['浦东', '上海市 浦东新区'],
    ['yuli', '新疆维吾尔自治区 巴音郭楞蒙古自治州 尉犁县'],
    ['luhe nanjing', '江苏省 南京市 六合区'],
    ['lvyuan', '吉林省 长春市 绿园区'],
    ['dongguan', '广东省 东莞市'],
    ['苏州工业园', '江苏省 苏州市 苏州工业园区'],
    ['hk', '上海市 虹口区'],
  ])('by %j finds %s', (query, path) => {
    expect(paths(query, 20)).toContain(path)
  })

  it('by a province finds its districts, by a shared name all who bear it', () => {
    expect(paths('shanghai', 50)).toHaveLength(16)
    expect(paths('朝阳区')).toEqual(['北京市 朝阳区', '吉林省 长春市 朝阳区'])
    expect(paths('鼓楼', 10)).toHaveLength(4)
  })

  it('shows whole names before beginnings', () => {
    const found = paths('xh', 200)
    expect(found).toContain('河北省 张家口市 下花园区')
    expect(found.indexOf('上海市 徐汇区')).toBeLessThan(found.indexOf('河北省 张家口市 下花园区'))
  })

  it('takes pinyin from the beginning of a name on, not from within it', () => {
    expect(paths('anhuisheng', 500).every((path) => path.startsWith('安徽省'))).toBe(true)
    expect(paths('an', 500)).not.toContain('上海市 静安区')
  })

  it('finds nothing for nothing, and nothing for what is nowhere', () => {
    for (const query of ['', '   ', '市辖区', 'qqqq', '徐汇 北京']) expect(regions.search(query, 10)).toEqual([])
  })

  it('keeps to its limit', () => {
    expect(regions.search('江苏', 7)).toHaveLength(7)
    expect(regions.search('江苏', 0)).toEqual([])
  })
})
