import { describe, expect, it } from 'vitest'
import { dictionaries, dictionaryNames, findCode, isCode, labelOf } from '../../../shared/dictionaries/index.ts'

/** `code label` pairs as a standard prints them. */
const table = (text: string): Record<string, string> => Object.fromEntries([...text.matchAll(/(\d+)([^\d\s]+)/g)].map(([, code = '', label = '']) => [code, label]))
const column = (name: keyof typeof dictionaries, which: 'gb' | 'mohurd') =>
  Object.fromEntries(dictionaries[name].entries.flatMap((entry) => (entry[which] === null ? [] : [[entry[which], entry.label]])))
const pairs = (name: keyof typeof dictionaries) => Object.fromEntries(dictionaries[name].entries.map(({ mohurd, gb }) => [mohurd ?? '-', gb]))

describe('every dictionary', () => {
  it.each(dictionaryNames)('%s has its title, its source, and each code, label and other spelling once', (name) => {
    const { title, source, entries } = dictionaries[name]
    expect(title).toMatch(/^\p{Script=Han}+$/u)
    expect(source).toMatch(/\w.*\.$/s)
    expect(new Set(entries.map(({ code }) => code)).size).toBe(entries.length)
    const spellings = entries.flatMap(({ label, aliases = [] }) => [label, ...aliases])
    expect(spellings.filter((text, index) => spellings.indexOf(text) !== index)).toEqual([])
    for (const which of ['gb', 'mohurd'] as const) {
      const codes = entries.map((entry) => entry[which]).filter((code) => code !== null)
      expect(new Set(codes).size, which).toBe(codes.length)
    }
  })

  it.each(dictionaryNames)('%s reads each label and other spelling as its code, and the code as its label', (name) => {
    for (const { code, label, aliases = [] } of dictionaries[name].entries) {
      for (const text of [label, ...aliases, ` ${label} `]) expect(findCode(name, text), text).toBe(code)
      expect(labelOf(name, code)).toBe(label)
      expect(isCode(name, code)).toBe(true)
    }
  })

  it('knows no other code, and shows a code of a later version as it is', () => {
    for (const code of ['', '汉族', 'constructor', '0', '777']) {
      expect(isCode('ethnicity', code)).toBe(false)
      expect(labelOf('ethnicity', code)).toBe(code)
    }
    expect(findCode('ethnicity', '火星')).toBeNull()
  })

  it('takes brackets of either width', () => {
    expect(findCode('hukouType', '集体户口(城镇)')).toBe('21')
    expect(findCode('politicalStatus', '中共党员（含预备党员）')).toBe('01')
  })
})

describe('性别, GB/T 2261.1', () => {
  it('is 1 男 and 2 女, and nothing is told of the platform, whose old codes ran otherwise', () => {
    expect(column('sex', 'gb')).toEqual({ 1: '男', 2: '女' })
    expect(column('sex', 'mohurd')).toEqual({})
  })
})

describe('民族, GB/T 3304-1991', () => {
  const standard = table(
    `01汉 02蒙古 03回 04藏 05维吾尔 06苗 07彝 08壮 09布依 10朝鲜 11满 12侗 13瑶 14白 15土家 16哈尼 17哈萨克 18傣 19黎 20傈僳 21佤 22畲 23高山 24拉祜 25水 26东乡 27纳西
     28景颇 29柯尔克孜 30土 31达斡尔 32仫佬 33羌 34布朗 35撒拉 36毛南 37仡佬 38锡伯 39阿昌 40普米 41塔吉克 42怒 43乌孜别克 44俄罗斯 45鄂温克 46德昂 47保安 48裕固 49京
     50塔塔尔 51独龙 52鄂伦春 53赫哲 54门巴 55珞巴 56基诺`,
  )

  it('has its 56, shown with 族 and accepted without', () => {
    const { 97: other, 98: foreign, ...own } = column('ethnicity', 'gb')
    expect(own).toEqual(Object.fromEntries(Object.entries(standard).map(([code, name]) => [code, `${name}族`])))
    for (const [code, name] of Object.entries(standard)) expect(findCode('ethnicity', name)).toBe(code)
    expect([other, foreign]).toEqual(['其他', '外国血统中国籍人士'])
  })

  it('takes the names that only card readers know', () => {
    for (const name of ['穿青人', '革家人']) expect(findCode('ethnicity', name)).toBe('97')
  })
})

describe('政治面貌, GB/T 4762-1984', () => {
  it('has the 13 of the standard, and the platform agrees', () => {
    const standard = table('01中共党员 02中共预备党员 03共青团员 04民革党员 05民盟盟员 06民建会员 07民进会员 08农工党党员 09致公党党员 10九三学社社员 11台盟盟员 12无党派人士 13群众')
    expect(column('politicalStatus', 'gb')).toEqual(standard)
    expect(column('politicalStatus', 'mohurd')).toEqual(standard)
  })
})

describe('婚姻状况, GB/T 2261.2-2003', () => {
  it('has the standard’s codes', () => {
    expect(column('maritalStatus', 'gb')).toEqual(table('10未婚 20已婚 21初婚 22再婚 23复婚 30丧偶 40离婚 90未说明'))
  })

  it('is told to the platform in its own order: 03 is 离婚 there, 04 丧偶', () => {
    expect(column('maritalStatus', 'mohurd')).toEqual({ '01': '未婚', '02': '已婚', '03': '离婚', '04': '丧偶' })
    const toGb = Object.fromEntries(dictionaries.maritalStatus.entries.flatMap(({ gb, mohurd }) => (mohurd ? [[mohurd, gb]] : [])))
    expect(toGb).toEqual({ '01': '10', '02': '20', '03': '40', '04': '30' })
  })
})

describe('最高学历', () => {
  it('has the platform’s 文化程度 with the codes of GB/T 4658-2006 beside them', () => {
    expect(column('highestEducation', 'mohurd')).toEqual(table('01小学 02初中 03高中 04中专 05大专 06本科 07硕士 08博士 99其他'))
    expect(pairs('highestEducation')).toEqual({ '01': '81', '02': '71', '03': '61', '04': '41', '05': '31', '06': '21', '07': '14', '08': '11', '99': '90' })
  })
})

describe('户口类型', () => {
  it('has the codes of GA/T 2000.27 under the labels of the screen', () => {
    expect(column('hukouType', 'gb')).toEqual({ 11: '城镇户口', 12: '农村户口', 21: '集体户口（城镇）', 22: '集体户口（农村）', 30: '未落常住户口', 90: '其他' })
  })
})

describe('lists of our own', () => {
  it('claim no code of a standard', () => {
    for (const name of ['highestEducationType', 'highestDegree', 'socialInsuranceStatus'] as const) {
      expect(column(name, 'gb')).toEqual({})
      expect(column(name, 'mohurd')).toEqual({})
    }
  })

  it('have the choices agreed on', () => {
    const labels = (name: keyof typeof dictionaries) => dictionaries[name].entries.map(({ label }) => label)
    expect(labels('highestEducationType')).toEqual(['全日制', '非全日制'])
    expect(labels('highestDegree')).toEqual(['名誉博士', '博士', '硕士', '学士', '无'])
    expect(labels('socialInsuranceStatus')).toEqual(['已缴纳', '未缴纳', '退休返聘', '其他'])
  })
})

describe('what the manual shows on its screen', () => {
  it.each([
    ['sex', '男'],
    ['ethnicity', '汉族'],
    ['hukouType', '农村户口'],
    ['highestEducation', '本科'],
  ] as const)('%s has %s, word for word', (name, label) => {
    expect(dictionaries[name].entries.map((entry) => entry.label)).toContain(label)
  })
})
