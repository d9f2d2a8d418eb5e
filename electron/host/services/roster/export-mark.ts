import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { Account, Organization } from '../../../../shared/contract/common.ts'
import type { ExportMark } from '../../../../shared/contract/export-mark.ts'
import { shanghaiMinute } from '../../../../shared/domain/dates.ts'
import { exportHeader } from '../../../../shared/domain/export-columns.ts'
import { maskIdCardNo, maskMobile } from '../../../../shared/domain/masks.ts'
import { revealReasonLabels, type RevealWhy } from '../../../../shared/domain/reveals.ts'
import { employmentStatusLabels } from '../../../../shared/domain/statuses.ts'

/** What was asked for in 导出. */
export type ExportInput = Parameters<BridgeServices['roster']['exportPeople']>[0]

export interface ExportedBy extends ExportInput {
  readonly organization: Organization
  readonly account: Account
  readonly now: Date
  readonly people: number
}

/** What an exported file says of who took it out, when, why and what (PIPL art. 51: a leak can be followed to where it began). */
export function markOf(by: ExportedBy): ExportMark {
  const { organization, account, people, why, watermark } = by
  const [unit, clerk, time] = [organization.name, account.displayName, shanghaiMinute(by.now)]
  const numbers = why ? '完整显示，已逐人记录；详细地址隐藏一部分' : '身份证号码、联系电话、出生年月日和详细地址隐藏一部分'
  return {
    author: `${unit} ${clerk}`,
    notice: `${unit} ${clerk} ${time} 导出，共${people}人。${why ? `号码未隐藏，原因：${revealReasonLabels[why.reason]}，已记录。` : '身份证号码、联系电话、出生年月日和详细地址已隐藏一部分。'}内含个人信息，只供本单位核对，请勿外传。`,
    footer: `导出：${unit} ${clerk} ${time}，仅限实名制登记使用`,
    facts: [
      ['导出单位', unit],
      ['导出人', `${clerk}（${account.username}）`],
      ['导出时间', time],
      ['人数', `${people}人`],
      ['筛选', filterOf(by)],
      ['导出的列', by.columns.map(exportHeader).join('、')],
      ['号码', numbers],
      ...(why ? [['查看原因', whyText(why)] satisfies [string, string]] : []),
      ['使用范围', '内含个人信息，仅限实名制登记使用，请妥善保管，请勿外传；用完请删除。'],
    ],
    watermark,
  }
}

function filterOf({ query, onlyNeedingAttention, employmentStatus }: ExportedBy): string {
  const words = query.trim()
  const parts = [...(onlyNeedingAttention ? ['需处理的人员'] : []), ...(employmentStatus ? [`状态为${employmentStatusLabels[employmentStatus]}`] : []), ...(words === '' ? [] : [`查询“${maskNumbers(words)}”`])]
  return parts.length === 0 ? '全部人员' : parts.join('，')
}

/** Five digits or more, with whatever a search reads over between them (database/search-text.ts). */
const numberPattern = /\d(?:[\s·•‧()\p{Cf}\p{Pd}]*\d){4,}[Xx]?/gu

/** What was searched for may be a number, however it is spelled, and here it stands in clear in no file. */
function maskNumbers(text: string): string {
  return text.normalize('NFKC').replace(numberPattern, (spelled) => {
    const number = spelled.replace(/[^\dXx]/g, '')
    return number.length < 15 ? maskMobile(number) : maskIdCardNo(number)
  })
}

const whyText = ({ reason, words }: RevealWhy) => [revealReasonLabels[reason], words.trim()].filter((text) => text !== '').join('：')
