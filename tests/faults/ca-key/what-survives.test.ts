import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'
import { setLockStage, type LockStage } from '../../security/lock-stage.ts'
import { failureOf, until } from '../../support/key-service-rig.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'
import type { KeyFault } from '../../support/softhsm.ts'

// The whole host with a real key process, where each submission has to be signed: a draft is being typed and a submission
// waits while the key fails.
const password = '正确的测试密码-1'
let stage: LockStage
let other: NonNullable<LockStage['other']>
let person = 0
beforeAll(async () => {
  stage = await setLockStage({ pin: '20260101', password }, { submitNeedsSignature: true, withOtherUnit: true })
  if (!stage.other) throw new Error('no other unit')
  other = stage.other
  await until('both locks show', () => stage.lock().certificates.length === 2)
  await stage.page.session.signInWithKey(stage.withKey())
})
afterAll(() => stage?.close())

const inject = (fault: KeyFault) => stage.keys.inject(fault)
const mend = (...faults: KeyFault[]) => faults.forEach((fault) => stage.keys.mend(fault))
const unlock = (pin?: string) => Promise.resolve(stage.page.session.unlockWithKey(stage.withKey(stage.unit.token, pin)))
const lock = () => stage.page.session.lock({})
const sentenceOf = async (attempt: unknown) => (await failureOf(Promise.resolve(attempt))).sentence
const locksShow = () => until('both locks show', () => stage.lock().certificates.length === 2)
const isLocked = async () => (await stage.page.session.state({})).phase === 'locked'
const untilLocked = async () => {
  while (!(await isLocked())) await new Promise((resolve) => setTimeout(resolve, 20))
}
/** What the clerk reads of the queue. */
const syncSays = async () => {
  const { phase, problem } = await stage.page.sync.syncNow({})
  return [phase, problem && new AppError(problem.code, problem.details).sentence]
}

interface Failing {
  /** Brings it about. @returns what the clerk reads */
  happens: () => Promise<unknown>
  says: unknown
  /** It is put right, and the unit is open with its key. */
  over: () => Promise<unknown>
}
const tokens = () => join(stage.keys.store.directory, 'tokens')
const away = () => join(stage.folder, 'away')

const table: [string, Failing][] = [
  ['a wrong PIN at the lock screen', {
    happens: async () => (await lock(), sentenceOf(unlock('99999999'))),
    says: '口令错误，请核对后再试。',
    over: () => unlock(),
  }],
  ['a key that this try locks', {
    happens: async () => (await lock(), inject('locks'), sentenceOf(unlock('99999999'))),
    says: 'CA锁已锁定，请联系发证机构解锁；可先用账号密码登录。',
    over: async () => {
      // As it says.
      expect(await stage.page.session.unlockWithPassword({ password })).toMatchObject({ phase: 'signed-in' })
      mend('locked')
      await stage.page.caKey.refresh({})
      await stage.page.session.openSigningKey(stage.withKey())
    },
  }],
  ['an expired PIN', {
    happens: async () => (await lock(), inject('expired'), sentenceOf(unlock())),
    says: 'CA锁口令已过期，请用CA锁工具修改口令后再登录。',
    over: async () => (mend('expired'), unlock()),
  }],
  ['a key of another company at the lock screen, which sees nothing of this one', {
    happens: async () => {
      await lock()
      const said = await sentenceOf(stage.page.session.unlockWithKey(stage.withKey(other.token)))
      expect((await failureOf(Promise.resolve(stage.page.registrations.list({ query: '', page: 1, pageSize: 10 })))).code).toBe('locked')
      return said
    },
    says: '插入的不是原CA锁（公司：甲修缮有限公司），请更换。',
    over: () => unlock(),
  }],
  ['a key pulled while idle', {
    happens: async () => (inject('removed'), await untilLocked(), sentenceOf(unlock())),
    says: '请插入CA锁。',
    over: async () => (mend('removed'), await locksShow(), unlock()),
  }],
  ['a key pulled while it signs', {
    happens: async () => (mend('no-mechanism'), inject('removed-while-signing'), syncSays()),
    says: ['waiting-for-key', '本系统要求每次提交都用CA锁签名。请插入本单位CA锁，点击“重新验证”并输入口令，待上传的内容随后自动上传。'],
    over: async () => (mend('removed-while-signing'), locksShow().then(() => unlock())),
  }],
  ['a key without the algorithm', {
    happens: syncSays,
    says: ['waiting-for-key', '该CA锁不支持所需算法，请联系管理员。'],
    over: () => unlock(),
  }],
  ['a driver that crashes while it signs', {
    happens: async () => (mend('no-mechanism'), inject('crash'), (await syncSays())[0]),
    says: 'waiting-for-key',
    over: async () => (mend('crash'), await locksShow(), unlock()),
  }],
  ['a key whose content has gone', {
    happens: async () => {
      renameSync(tokens(), away())
      return syncSays()
    },
    says: ['waiting-for-key', '读不到CA锁，请重新插拔。'],
    over: async () => {
      renameSync(away(), tokens())
      // As it says: out, and in again.
      inject('removed')
      await untilLocked()
      mend('removed')
      await locksShow()
      await unlock()
    },
  }],
]

it.each(table)('%s: the clerk is told, the draft and what waits are there afterwards, and the submission arrives once', { timeout: 60_000 }, async (_what, { happens, says, over }) => {
  const [typing, waiting] = [++person, ++person]
  const begun = await stage.page.registrations.begin({ idCardNo: idCardNoOf(typing) })
  const kept = await stage.page.registrations.keepDraft({ id: begun.id, revision: begun.revision, values: personValues(typing, { residenceDetail: '写到一半' }) })
  // Held back by the key, so that it waits when the fault comes.
  inject('no-mechanism')
  const { id, revision } = await stage.page.registrations.begin({ idCardNo: idCardNoOf(waiting) })
  await stage.page.registrations.submit({ id, revision, values: personValues(waiting) })
  expect(await stage.page.sync.syncNow({})).toMatchObject({ queued: 1 })
  const signed = async () => (await stage.context.db.selectFrom('audit_event').select('id').where('kind', '=', 'submission-signed').execute()).length
  const arrived = async () => (await stage.context.db.selectFrom('registration').select('version').where('id', '=', id).execute()).map(({ version }) => version)
  const before = await signed()

  expect(await happens()).toEqual(says)
  expect(await arrived()).toEqual([])
  // What is being typed is kept, also behind the lock screen.
  const more = await stage.page.registrations.keepDraft({ id: begun.id, revision: kept.revision, values: personValues(typing, { residenceDetail: '写到一半，又写了一点' }) })
  expect(more.revision).toBeGreaterThan(kept.revision)
  mend('no-mechanism')
  await over()
  expect(await stage.page.sync.syncNow({})).toMatchObject({ phase: 'idle', queued: 0 })
  expect(await arrived()).toEqual([1])
  expect(await signed()).toBe(before + 1)
  expect((await stage.page.registrations.open({ id: begun.id })).values).toMatchObject({ residenceDetail: '写到一半，又写了一点' })
})
