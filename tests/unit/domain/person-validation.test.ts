import { describe, expect, it } from 'vitest'
import { emptyPersonValues, fieldNamesOf, fieldsOf, personFieldTable, type PersonFieldName, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'

const today = '2026-11-25'
const right: PersonValues = {
  ...emptyPersonValues(),
  name: '尉迟恭', formerName: '', socialInsuranceStatus: '1', jobPosition: '项目经理', professionalTitle: '工程师', sex: '2', birthDate: '1949-12-31',
  ethnicity: '01', politicalStatus: '13', idCardNo: '11010519491231002X', hukouType: '12', hukouRegion: '310104', residenceRegion: '310115',
  residenceDetail: '示例路1号201室', nativePlace: '441900', maritalStatus: '20', highestEducation: '06', highestEducationType: '1', highestDegree: '4', mobile: '13812345678',
}
const problems = (changes: Partial<PersonValues>) => validatePerson('manager', { ...right, ...changes }, today)
const names = fieldNamesOf('manager')
const inputs = (kind: string) => names.filter((name) => personFieldTable[name].input.kind === kind)
const required = names.filter((name) => fieldsOf('manager')[name]?.required)
const asksFor = (name: PersonFieldName) => `${['dictionary', 'region'].includes(personFieldTable[name].input.kind) ? '请选择' : '请填写'}${labelOf(name)}。`
const labelOf = (name: PersonFieldName) => personFieldTable[name].label

describe('a form at 提交', () => {
  it('passes as a whole, and without anything the manual does not ask for', () => {
    expect(problems({})).toEqual({})
    const optional = names.filter((name) => !fieldsOf('manager')[name]?.required && !['idCardNo', 'sex'].includes(name))
    expect(problems(Object.fromEntries(optional.map((name) => [name, ''])))).toEqual({})
  })

  it('asks an empty form for every field with a * and for the ID number', () => {
    const expected = Object.fromEntries([...required, 'idCardNo' as const].map((name) => [name, asksFor(name)]))
    expect(validatePerson('manager', emptyPersonValues(), today)).toEqual(expected)
  })

  it.each(required.filter((name) => name !== 'birthDate'))('asks for %s alone where it is missing or only blanks', (name) => {
    for (const nothing of ['', '  ', '　']) expect(problems({ [name]: nothing })).toEqual({ [name]: asksFor(name) })
  })

  it('asks for the number to be put right, not for what it is to tell', () => {
    expect(Object.keys(problems({ idCardNo: '1101051949123100', sex: '', birthDate: '' }))).toEqual(['idCardNo'])
  })

  it('takes one that its number tells neither sex nor century of, as the clerk filled it in', () => {
    expect(problems({ idCardNo: 'CAN310090030701', sex: '', birthDate: '1990-03-07' })).toEqual({})
  })
})

describe('a field that is wrong gets its own sentence', () => {
  it.each(inputs('dictionary'))('%s: not from the list', (name) => {
    for (const text of ['777', '汉族', ' 01']) expect(problems({ [name]: text })).toEqual({ [name]: `请从列表中选择${labelOf(name)}。` })
  })

  it.each(inputs('region'))('%s: no code of six digits', (name) => {
    for (const text of ['上海市徐汇区', '3101', '441900003', '010104']) expect(problems({ [name]: text })).toEqual({ [name]: `${labelOf(name)}不是能确定的地区，请写全省、市、区，如“上海市徐汇区”。` })
  })

  it('a region the table does not know is left to the paper it came from', () => {
    expect(problems({ hukouRegion: '310103', nativePlace: '999999' })).toEqual({})
  })

  it.each(inputs('text'))('%s: too long, counted in characters', (name) => {
    const { input, label } = personFieldTable[name]
    const maxLength = input.kind === 'text' ? input.maxLength : 0
    // A rare character counts once, though it takes two units of memory.
    expect(problems({ [name]: '𠮷'.repeat(maxLength) })).toEqual({})
    expect(problems({ [name]: '𠮷'.repeat(maxLength + 1) })).toEqual({ [name]: `${label}最多${maxLength}个字，现为${maxLength + 1}个字。` })
  })

  it.each(inputs('text'))('%s: characters nobody sees', (name) => {
    for (const text of ['王\u0000明', '王\n明', '王\u200b明', '王\u202e明']) expect(problems({ [name]: text })).toEqual({ [name]: `${labelOf(name)}中有不可见的字符，请重新输入。` })
  })

  it.each(['name', 'formerName'] as const)('%s: no spelling of a name', (name) => {
    for (const text of ['王小明2', '王_明', '王小明（项目经理）', '310104', '王/明', '王😀']) expect(problems({ [name]: text })).toEqual({ [name]: `${labelOf(name)}中只能有文字和间隔号“·”，请核对。` })
    for (const text of ['阿卜杜·热合曼', '尉迟恭', '王〇', '𠮷野', "Seán O'Neill", 'José María']) expect(problems({ [name]: text })).toEqual({})
  })

  it('other texts may hold digits and signs', () => {
    expect(problems({ jobPosition: 'A2-施工员（水电）', professionalTitle: '工程师/2级', residenceDetail: '示例路1弄2号3-401室 #B' })).toEqual({})
  })

  it('联系电话: no mobile number', () => {
    for (const text of ['1381234567', '138123456789', '12812345678', '02112345678', '+1 13812345678', '8613812345678901', '13812345678 转2']) {
      expect(problems({ mobile: text })).toEqual({ mobile: '联系电话应为11位手机号码，请核对。' })
    }
  })

  it('联系电话: as people write and paste it is right', () => {
    for (const text of ['138 1234 5678', '+86 138-1234-5678', '１３８１２３４５６７８']) expect(problems({ mobile: text })).toEqual({})
  })

  it('出生年月日: no date', () => {
    const idCardNo = 'CAN310090030701'
    for (const text of ['1990', '1990-02-30', '90-3-7', '19900307', '1990-3-7', '不详']) {
      expect(problems({ idCardNo, birthDate: text })).toEqual({ birthDate: '出生年月日不是有效的日期，请按“19900307”或“1990-03-07”填写。' })
    }
  })

  it('身份证号码: each mistake says which', () => {
    const open = { sex: '1', birthDate: '1990-03-07' }
    for (const [idCardNo, sentence] of [
      ['1101051949123100', '身份证号码应为18位，现为16位，请核对。'],
      ['11010519491231002A', '身份证号码只能是数字，最后一位可以是X，请核对。'],
      ['110105194902300029', '身份证号码第7至14位的出生日期“1949年02月30日”不存在，请核对。'],
      ['110105194912310021', '身份证号码的校验位不对，有一位或几位输错了，请对照证件核对。'],
      ['110105491231002', '这是15位的旧身份证号码，已停用。对应的18位号码可能是11010519491231002X，请按现行证件填写18位号码。'],
    ] as const) {
      expect(problems({ ...open, idCardNo })).toEqual({ idCardNo: sentence })
    }
  })
})

describe('fields that do not fit together', () => {
  it('a sex that the number does not say is refused, also where it is left out', () => {
    for (const sex of ['1', '']) expect(problems({ sex })).toEqual({ sex: '性别与身份证号码不符，请核对。' })
  })

  it('a birth date that the number does not say is refused', () => {
    expect(problems({ birthDate: '1949-12-30' })).toEqual({ birthDate: '出生年月日与身份证号码不符，请核对。' })
  })

  it.each([
    ['2010-11-26', '该人员现年15周岁，未满16周岁不得用工（劳动法第十五条）。'],
    ['2026-11-26', '出生年月日晚于今天，请核对。'],
    ['1925-11-25', '出生年月日换算为101周岁，请核对。'],
  ])('somebody born on %s is refused', (birthDate, sentence) => {
    expect(problems({ idCardNo: 'CAN310090030701', sex: '1', birthDate })).toEqual({ birthDate: sentence })
  })

  it('somebody is old enough on the 16th birthday and not too old at 100', () => {
    for (const birthDate of ['2010-11-25', '1926-11-25', '1925-11-26']) expect(problems({ idCardNo: 'CAN310090030701', sex: '1', birthDate })).toEqual({})
  })
})
