import { labelOf } from '../dictionaries/index.ts'
import { ageOn } from './derive.ts'
import type { PersonTables } from './person-tables.ts'

/**
 * Trades that nobody may work at without a certificate (建设工程安全生产管理条例 art. 25; the kinds of 建筑施工特种作业人员管理规定, 建质〔2008〕75号).
 * Keys are codes of 工种; any one of the certificates will do.
 */
interface SpecialWork {
  /** Codes of 作业类别. */
  readonly certificates: readonly string[]
  /** What they are called together. */
  readonly called: string
}

const scaffold = { certificates: ['03', '04'], called: '架子工' }
const attachedScaffold = { certificates: ['04'], called: '附着升降脚手架架子工' }
const basket = { certificates: ['16'], called: '高处作业吊篮安装拆卸工' }

const specialWorks: ReadonlyMap<string, SpecialWork> = new Map([
  ['030', scaffold],
  ['031', attachedScaffold],
  ['033', basket],
  ['130', { certificates: ['01'], called: '建筑电工' }],
  ['170', { certificates: ['05'], called: '起重信号司索工' }],
  ['180', { certificates: ['11', '12', '13', '14', '15'], called: '起重机械安装拆卸工' }],
  ['270', { certificates: ['02'], called: '电焊工' }],
  ['416', { certificates: ['06', '07', '08', '09', '10'], called: '起重机械司机' }],
])

export const specialWorkTypes: readonly string[] = [...specialWorks.keys()]

/** 建质〔2008〕75号 art. 8: nobody under 18 gets a certificate. */
export const youngestSpecialTrade = 18

/** Years; the longest that any of them is given for (特种作业人员安全技术培训考核管理规定 art. 19: six; those of building sites two). */
export const longestCertificate = 6

/**
 * What keeps somebody from working at this trade; null where nothing does. Whether the certificates themselves are right is told at
 * their rows.
 * @param workType code of 工种 @param birthDate yyyy-MM-dd, or whatever stands there @param today yyyy-MM-dd in Shanghai
 */
export function specialTradeProblem(workType: string, { specialCertificates }: Pick<PersonTables, 'specialCertificates'>, birthDate: string, today: string): string | null {
  const work = specialWorks.get(workType)
  if (!work) return null
  const label = labelOf('workType', workType)
  const age = ageOn(birthDate, today)
  if (age !== null && age < youngestSpecialTrade) return `${label}属特种作业，须年满${youngestSpecialTrade}周岁，该人员现年${age}周岁，请核对工种。`
  const has = specialCertificates.some(({ specialTrade = '' }) => work.certificates.includes(specialTrade))
  return has ? null : `${label}须持证上岗，请在“特种作业操作证”中填写“${work.called}”类的证书。`
}
