import { idCardCheckCharacter } from '../../shared/domain/id-card-no.ts'
import { emptyPersonValues, valuesOfKind, type PersonValues } from '../../shared/domain/person-fields.ts'

/** Made-up people: every ID number right in form, none taken from anybody. The same `index` is always the same person. */

const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜单仇区', '尉迟', '长孙']
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌浩宇欣怡']

export function personName(index: number): string {
  const first = given[Math.floor(index / surnames.length) % given.length] ?? ''
  const second = given[(index * 7 + 3) % given.length] ?? ''
  return `${surnames[index % surnames.length] ?? ''}${first}${index % 5 === 0 ? '' : second}`
}

/** At most 44 million different ones. */
export function idCardNoOf(index: number): string {
  const birth = new Date(Date.UTC(1960, 0, 1) + (Math.floor(index / 999) % 14_600) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  const region = ['310104', '320102', '330106', '110101'][Math.floor(index / 14_585_400) % 4] ?? '310104'
  const first17 = `${region}${birth}${String((index % 999) + 1).padStart(3, '0')}`
  return first17 + idCardCheckCharacter(first17)
}

/** A worker's form that passes every check: a carpenter. */
export function workerValues(index: number, changes: Partial<PersonValues> = {}): PersonValues {
  return { ...valuesOfKind('worker', personValues(index)), jobPosition: '', workType: '240', hukouType: '12', ...changes }
}

/** A manager's form that passes every check. */
export function personValues(index: number, changes: Partial<PersonValues> = {}): PersonValues {
  const idCardNo = idCardNoOf(index)
  return {
    ...emptyPersonValues(),
    name: personName(index),
    jobPosition: '项目经理',
    professionalTitle: '工程师',
    sex: Number(idCardNo[16]) % 2 === 1 ? '1' : '2',
    birthDate: `${idCardNo.slice(6, 10)}-${idCardNo.slice(10, 12)}-${idCardNo.slice(12, 14)}`,
    ethnicity: '01',
    idCardNo,
    hukouRegion: '310104',
    residenceRegion: '310104',
    residenceDetail: `示例路${index}号`,
    nativePlace: '320102',
    highestEducation: '06',
    mobile: `13${String(800_000_000 + index).padStart(9, '0')}`,
    ...changes,
  }
}
