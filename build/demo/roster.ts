import { idCardCheckCharacter } from '../../shared/domain/id-card-no.ts'
import { emptyPersonValues, type PersonValues } from '../../shared/domain/person-fields.ts'
import type { DemoUnit } from './units.ts'

/** What the operator of the service decided on a registration; `pending`: not yet anything. */
export type DemoReview = 'approved' | 'pending' | { readonly refused: string }

export interface DemoManager {
  readonly unit: DemoUnit['key']
  readonly values: PersonValues
  readonly review: DemoReview
}

/** name · sex · birth date · city · residence · position · title · education · native place */
const people = `
陈国强 1 1972-03-12 310100 310104 项目经理 高级工程师 06 310101
陆建华 1 1975-11-02 320500 310115 项目经理 高级工程师 06 320508
徐丽萍 2 1980-06-25 310100 310110 项目副经理 工程师 06 310110
沈志明 1 1978-01-30 330400 310117 技术负责人 高级工程师 07 330421
顾晓东 1 1985-09-08 310100 310106 技术负责人 工程师 06 310117
朱海燕 2 1987-04-17 320600 310112 质量员 工程师 06 320685
马俊 1 1990-12-05 340100 310113 质量员 助理工程师 05 340123
胡文斌 1 1983-07-21 320900 310115 安全员 工程师 05 320903
金玉兰 2 1979-10-14 310100 310109 安全员 工程师 06 310113
施伟杰 1 1992-02-28 310100 310118 安全员 助理工程师 05 310116
赵红梅 2 1988-05-19 410100 310114 资料员 助理工程师 05 410102
孙佳怡 2 1995-08-03 320100 310105 资料员 技术员 06 320102
钱学军 1 1970-12-24 320400 310120 施工员 工程师 04 320402
吴永康 1 1981-03-09 340800 310116 施工员 工程师 05 340827
郑浩 1 1991-06-11 330100 310112 施工员 助理工程师 06 330108
王志刚 1 1976-08-27 310100 310107 施工员 工程师 05 310118
冯超 1 1993-01-15 370100 310115 施工员 技术员 05 370117
蒋雪芬 2 1984-11-30 320200 310106 材料员 助理工程师 05 320211
韩勇 1 1986-02-06 420100 310113 材料员 技术员 04 420104
杨帆 2 1994-07-07 310100 310101 预算员 助理工程师 06 310114
许建平 1 1969-04-02 310100 310110 预算员 高级工程师 06 310117
何晓芳 2 1989-09-26 360100 310117 劳资专管员 助理工程师 05 360102
吕明辉 1 1977-05-13 330600 310104 劳资专管员 工程师 05 330602
张小龙 1 1996-10-20 340300 310114 机械员 技术员 04 340323
曹卫国 1 1968-09-01 310100 310115 项目经理 高级工程师 05 310113
严文静 2 1991-03-28 320700 310107 标准员 助理工程师 06 320724
欧阳明 1 1982-12-16 430100 310112 技术负责人 工程师 07 430121
买买提·艾力 1 1990-04-04 650100 310118 施工员 技术员 05 650103
唐秀英 2 1974-06-18 310100 310109 资料员 工程师 04 310107
邓志远 1 1997-11-11 510100 310116 质量员 技术员 06 510114
`

const ofOtherUnits = `
周伟 1 1979-02-14 310100 310110 总监理工程师 高级工程师 06 310115
黄立新 1 1983-08-19 330200 310112 监理员 工程师 05 330211
陈静 2 1985-05-05 310100 310106 项目负责人 工程师 06 310101
`

const notYetReviewed = new Set(['张小龙', '曹卫国', '严文静', '欧阳明', '买买提·艾力', '邓志远'])
const refused: Readonly<Record<string, string>> = { 唐秀英: '职称与所附材料不一致，请核对职称后重新提交。' }
/** 最高学历 → 最高学位 */
const degrees: Readonly<Record<string, string>> = { '06': '4', '07': '3' }
const ethnicities: Readonly<Record<string, string>> = { '买买提·艾力': '05', '金玉兰': '10', '马俊': '03' }

/** Some thirty managers of the contractor, in several states, and a few of the other units. */
export function demoRoster(): DemoManager[] {
  const others: DemoUnit['key'][] = ['supervisor', 'supervisor', 'implementer']
  return [
    ...linesOf(people).map((line, index) => manager(line, index, 'contractor')),
    ...linesOf(ofOtherUnits).map((line, index) => manager(line, 100 + index, others[index] ?? 'supervisor')),
  ]
}

const linesOf = (table: string) => table.trim().split('\n')

function manager(line: string, index: number, unit: DemoUnit['key']): DemoManager {
  const [name = '', sex = '', birthDate = '', city = '', residence = '', position = '', title = '', education = '', nativePlace = ''] = line.split(' ')
  const comment = refused[name]
  return {
    unit,
    review: comment ? { refused: comment } : notYetReviewed.has(name) ? 'pending' : 'approved',
    values: {
      ...emptyPersonValues(),
      name,
      socialInsuranceStatus: '1',
      jobPosition: position,
      professionalTitle: title,
      sex,
      birthDate,
      ethnicity: ethnicities[name] ?? '01',
      politicalStatus: index % 4 === 0 ? '01' : '13',
      idCardNo: inventedIdCardNo(city, birthDate, sex, index),
      hukouType: '11',
      hukouRegion: residence,
      residenceRegion: residence,
      residenceDetail: `示例路${10 + index}弄${1 + (index % 9)}号${101 + (index % 6) * 100}室`,
      nativePlace,
      maritalStatus: '20',
      highestEducation: education,
      highestEducationType: '1',
      highestDegree: degrees[education] ?? '',
      mobile: String(13_900_000_000 + index),
    },
  }
}

/** Right in form. The code of a city as a whole stands where papers carry that of a district, so it is nobody's. */
export function inventedIdCardNo(city: string, birthDate: string, sex: string, index: number): string {
  const order = 900 + (index % 48) * 2 + (sex === '1' ? 1 : 0)
  const first17 = `${city}${birthDate.replaceAll('-', '')}${order}`
  return first17 + idCardCheckCharacter(first17)
}
