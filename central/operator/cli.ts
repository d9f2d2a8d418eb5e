import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { accountRoles, organizationKinds } from '../../shared/domain/statuses.ts'
import { identityOfCertificate } from '../auth/ca/certificate-identity.ts'
import { bindCertificate, type CertificateIdentity } from '../auth/certificate-bindings.repository.ts'
import { readStorageConfig } from '../config.ts'
import { feedOutcomes } from '../modules/approval-feed/feed-record.ts'
import { newestOutcomes } from '../modules/approval-feed/feed.repository.ts'
import { addPersonalKey } from '../personal-data/personal-keys.ts'
import { newEpoch } from '../database/open.ts'
import type { ServiceContext } from '../service-context.ts'
import { startFailure } from '../start-failure.ts'
import { openStorage } from '../storage.ts'
import { checkAudit, readChainEnds } from './audit-check.ts'
import { resealAll } from './reseal.ts'
import { disableAccount, enableAccount, resetPassword, unbind } from './access-operations.ts'
import { faceStatus, setFaceUpload } from './face-operations.ts'
import { createAccount, createOrganization } from './operations.ts'
import { reviewRegistration, setReviewer, setReviewScope } from './review-operations.ts'

const usage = `用法：node out/central/cli.js 命令 选项（环境变量与中心服务相同：CENTRAL_DATA、DATABASE_URL、CENTRAL_KEYS）
  organization --name --kind ${organizationKinds.join('|')} --credit-code --address --contact-name --contact-phone --recovery-key 文件
  account --organization ID --username --display-name --role ${accountRoles.join('|')}   （密码从标准输入读取）
  password --account ID   （新密码从标准输入读取；该账号随即退出登录）
  disable --account ID   （该账号随即退出登录）
  enable --account ID
  bind --certificate 文件 --account ID
  unbind --certificate 文件   （用该证书登录的账号随即退出登录）
  review --registration ID --approve | --return 意见
  reviewer --account ID [--remove]   （登记审核：仅限实施单位的账号；--remove 取消）
  review-scope --organization 实施单位ID --of 单位ID [--remove]   （该实施单位审核哪些单位的登记）
  face-upload --project 报建编号 [--remove]   （允许把该项目人员的人脸特征和照片传到中心服务，仍须本人单独同意；--remove 不再允许，并删除已传来的）
  faces   （中心服务存有多少人的人脸特征和照片，哪些项目允许传送）
  feed-log [--outcome 结果]   （建设程序审批系统送来的记录各有什么结果，最近的200条，新的在前；结果见 docs/approval-feed.md）
  audit [--ends 文件] [--against 文件]   （核对审计记录链；--ends 把各链尾另存，供以后 --against 核对）
  new-key   （停止所有中心服务进程后执行：加入一把新的个人信息密钥，此后写入的用它加密；请备份密钥文件）
  reseal   （用当前密钥重新加密全部个人信息；可在服务运行时执行，中断后可再次执行）
  new-epoch   （从备份恢复数据库之后，启动中心服务之前）`

const text = { type: 'string' } as const
const options = {
  'name': text, 'kind': text, 'credit-code': text, 'address': text, 'contact-name': text, 'contact-phone': text, 'recovery-key': text,
  'organization': text, 'username': text, 'display-name': text, 'role': text, 'certificate': text, 'account': text,
  'registration': text, 'return': text, 'ends': text, 'against': text, 'of': text, 'outcome': text, 'project': text,
  'approve': { type: 'boolean', default: false }, 'remove': { type: 'boolean', default: false },
} as const

type Given = Readonly<Record<string, string | boolean | undefined>>

function need(given: Given, name: string): string {
  const value = given[name]
  if (typeof value !== 'string' || value === '') throw new Error(`缺少 --${name}`)
  return value
}

function needOneOf<const T extends readonly string[]>(given: Given, name: string, choices: T): T[number] {
  const parsed = v.safeParse(v.picklist(choices), need(given, name))
  if (!parsed.success) throw new Error(`--${name} 应为 ${choices.join('、')} 之一`)
  return parsed.output
}

function needFile(given: Given, name: string): Buffer {
  const path = need(given, name)
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`--${name}：无法读取 ${path}（${String((error as NodeJS.ErrnoException).code)}）`, { cause: error })
  }
}

/** A line break at the end is the terminal's; blanks may be the password's. */
const typedPassword = (): string => readFileSync(0, 'utf8').replace(/\r?\n$/, '')

/** @throws Error of one line where the certificate names no unit */
function needIdentity(given: Given): CertificateIdentity {
  const { issuer, companyCode } = identityOfCertificate(needFile(given, 'certificate'))
  if (companyCode === null) throw new Error('该证书中没有单位代码，不能绑定。')
  return { issuer, companyCode }
}

/** Each reads what it is given before anything is opened, and then does it. */
const commands: Readonly<Record<string, (given: Given) => (context: ServiceContext) => Promise<string>>> = {
  'organization': (given) => {
    const organization = {
      name: need(given, 'name'),
      kind: needOneOf(given, 'kind', organizationKinds),
      creditCode: need(given, 'credit-code'),
      address: need(given, 'address'),
      contactName: need(given, 'contact-name'),
      contactPhone: need(given, 'contact-phone'),
      recoveryPublicKey: needFile(given, 'recovery-key').toString('utf8'),
    }
    return (context) => createOrganization(context, organization)
  },
  'account': (given) => {
    const account = {
      organizationId: need(given, 'organization'),
      username: need(given, 'username'),
      displayName: need(given, 'display-name'),
      role: needOneOf(given, 'role', accountRoles),
      password: typedPassword(),
    }
    return (context) => createAccount(context, account)
  },
  'password': (given) => {
    const [account, password] = [need(given, 'account'), typedPassword()]
    return async (context) => {
      await resetPassword(context, account, password)
      return '已重设密码'
    }
  },
  'disable': (given) => {
    const account = need(given, 'account')
    return async (context) => {
      await disableAccount(context, account)
      return '已停用'
    }
  },
  'enable': (given) => {
    const account = need(given, 'account')
    return async (context) => {
      await enableAccount(context, account)
      return '已启用'
    }
  },
  'bind': (given) => {
    const identity = needIdentity(given)
    const account = need(given, 'account')
    return async ({ db, clock }) => {
      await bindCertificate(db, identity, account, clock.now())
      return `已绑定单位代码 ${identity.companyCode}`
    }
  },
  'unbind': (given) => {
    const identity = needIdentity(given)
    return async (context) => {
      await unbind(context, identity)
      return `已解除单位代码 ${identity.companyCode} 的绑定`
    }
  },
  'review': (given) => {
    const registration = need(given, 'registration')
    const decision = given['approve'] ? ({ approve: true } as const) : { approve: false as const, comment: need(given, 'return') }
    return async (context) => {
      await reviewRegistration(context, registration, decision)
      return decision.approve ? '审核通过' : '已退回'
    }
  },
  'reviewer': (given) => {
    const [account, reviews] = [need(given, 'account'), given['remove'] !== true]
    return async (context) => {
      await setReviewer(context, account, reviews)
      return reviews ? '该账号可以审核登记' : '该账号不再审核登记'
    }
  },
  'review-scope': (given) => {
    const [reviewer, reviewed, reviews] = [need(given, 'organization'), need(given, 'of'), given['remove'] !== true]
    return async (context) => {
      await setReviewScope(context, reviewer, reviewed, reviews)
      return reviews ? '已列入审核范围' : '已移出审核范围'
    }
  },
  'face-upload': (given) => {
    const [project, allowed] = [need(given, 'project'), given['remove'] !== true]
    return async (context) => {
      const { templates, pictures } = await setFaceUpload(context, project, allowed)
      return allowed ? '该项目允许传送人脸数据' : `该项目不再允许传送人脸数据，已删除${templates}人的人脸特征、${pictures}人的人脸照片`
    }
  },
  'faces': () => (context) => faceStatus(context),
  'feed-log': (given) => {
    const outcome = given['outcome'] === undefined ? null : needOneOf(given, 'outcome', feedOutcomes)
    return async ({ db }) => (await newestOutcomes(db, outcome, 200)).map((line) => [line.at, line.source, line.outcome, line.kind, line.source_id, line.version, line.reason].map((word) => word ?? '-').join('  ')).join('\n') || '没有记录'
  },
  'audit': (given) => {
    const known = typeof given['against'] === 'string' ? readChainEnds(needFile(given, 'against')) : {}
    return (context) => checkAudit(context, known, typeof given['ends'] === 'string' ? given['ends'] : null)
  },
  'reseal': () => async (context) => `已重新加密${await resealAll(context)}项`,
  'new-epoch': () => async ({ db }) => `${await newEpoch(db)}\n请重新启动所有中心服务进程。`,
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  // Before anything is opened with the keys there are.
  if (positionals.join() === 'new-key') return console.log(`${addPersonalKey(readStorageConfig(process.env).keysFile)}\n请备份密钥文件，启动中心服务，再执行 reseal。`)
  const command = commands[positionals[0] ?? '']
  if (!command || positionals.length !== 1) throw new Error(usage)
  const run = command(values)
  const { database, personal } = await openStorage(readStorageConfig(process.env))
  try {
    console.log(await run({ db: database.db, epoch: database.epoch, clock: { now: () => new Date() }, personal }))
  } finally {
    await database.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error && error.message === usage ? usage : startFailure(error))
  process.exit(1)
})
