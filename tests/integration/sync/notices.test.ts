import { afterAll, beforeAll, expect, it } from 'vitest'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { createNoticesService } from '../../../electron/host/services/notices/notices.service.ts'
import { socialInsuranceProofDays, socialInsuranceProofType } from '../../../shared/domain/attachments.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { addFile, contentOf } from '../../support/attachment-files.ts'
import { feedRecords, deliver, newProjectNo } from '../../support/approval-feed.ts'
import { personName } from '../../support/people.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let station: Workstation
beforeAll(async () => {
  rig = await startSyncRig()
  station = await rig.workstation(await rig.addUnit())
})
afterAll(() => rig?.close())

const clock = { now: () => new Date() }
const noticesOf = async (accountId: string) => {
  const service = createNoticesService({ local: station.local, account: { id: accountId }, clock })
  await service.begin()
  return service
}
const shown = ({ items }: Awaited<ReturnType<Awaited<ReturnType<typeof noticesOf>>['list']>>) => items.map(({ kind, name, isNew }) => [kind, name, isNew])

it('what a reviewer decided since an account last looked is new to it, until it has looked, and to each account by itself', async () => {
  const [old, refused, approved] = [await station.add(701), await station.add(702), await station.add(703)]
  await station.sync()
  await reviewRegistration(rig.context(), old, { approve: true })
  await station.sync()
  const mine = await noticesOf(station.unit.accountId)
  expect(shown(await mine.list({}))).toEqual([['registration-approved', personName(701), false]])

  await reviewRegistration(rig.context(), refused, { approve: false, comment: '照片不清' })
  await reviewRegistration(rig.context(), approved, { approve: true })
  await station.sync()
  const told = await mine.list({})
  expect(told.unseen).toBe(2)
  expect(shown(told)).toEqual([['registration-approved', personName(703), true], ['registration-refused', personName(702), true], ['registration-approved', personName(701), false]])
  expect(told.items[1]).toMatchObject({ recordId: refused, personType: 'manager', project: null })

  await mine.markSeen({})
  expect(await mine.list({})).toMatchObject({ unseen: 0, items: [{ isNew: false }, { isNew: false }, { isNew: false }] })
  // Whoever comes to this workstation later has nothing to catch up with; whoever was here has.
  const theirs = await noticesOf('8a4d5f0e-1c2b-4a3d-9e8f-001122334455')
  expect(await theirs.list({})).toMatchObject({ unseen: 0 })
})

it('what the clerk has changed since is no news any more', async () => {
  const id = await station.add(711)
  await station.sync()
  await reviewRegistration(rig.context(), id, { approve: false, comment: '职称不符' })
  await station.sync()
  const notices = await noticesOf(station.unit.accountId)
  expect((await notices.list({})).items[0]).toMatchObject({ kind: 'registration-refused', recordId: id })
  await station.edit(id, { jobPosition: '安全员' })
  await station.sync()
  expect((await notices.list({})).items.map(({ recordId }) => recordId)).not.toContain(id)
})

it('a binding that the approval system ended is told with its project, one that the unit ended itself is not', async () => {
  const creditCode = (await rig.context().db.selectFrom('organization').select('credit_code').where('id', '=', station.unit.id).executeTakeFirstOrThrow()).credit_code
  const projectNo = newProjectNo()
  const fed = { context: rig.context(), clock: { pass: () => undefined } }
  const project = feedRecords.project(projectNo, { creditCode }, { name: '示例里修缮工程' })
  await deliver(fed, project)
  await deliver(fed, feedRecords.party(projectNo, { creditCode }))
  const filing = feedRecords.manager(projectNo, { creditCode }, 721)
  await deliver(fed, filing)
  const { id } = await station.client.lookUpProject(projectNo)
  await station.client.linkProject(id, crypto.randomUUID())
  await station.sync()
  const notices = await noticesOf(station.unit.accountId)
  await notices.markSeen({})
  await deliver(fed, feedRecords.withdrawal(filing, 2))
  await station.sync()
  const { items, unseen } = await notices.list({})
  expect(unseen).toBe(1)
  expect(items[0]).toMatchObject({ kind: 'binding-ended', isNew: true, name: personName(721), recordId: null, project: { id, name: '示例里修缮工程' } })
})

it('竣工 ends the bindings of everybody on a project and is told once', async () => {
  const creditCode = (await rig.context().db.selectFrom('organization').select('credit_code').where('id', '=', station.unit.id).executeTakeFirstOrThrow()).credit_code
  const projectNo = newProjectNo()
  const fed = { context: rig.context(), clock: { pass: () => undefined } }
  const project = feedRecords.project(projectNo, { creditCode }, { name: '示例里竣工工程' })
  await deliver(fed, project)
  await deliver(fed, feedRecords.party(projectNo, { creditCode }))
  for (const person of [722, 723, 724]) await deliver(fed, feedRecords.manager(projectNo, { creditCode }, person))
  const { id } = await station.client.lookUpProject(projectNo)
  await station.client.linkProject(id, crypto.randomUUID())
  await station.sync()
  const notices = await noticesOf(station.unit.accountId)
  await notices.markSeen({})
  await deliver(fed, feedRecords.project(projectNo, { creditCode }, { name: '示例里竣工工程', status: 'completed', sourceId: project.sourceId, version: 2 }))
  await station.sync()
  const { items, unseen } = await notices.list({})
  expect(unseen).toBe(1)
  expect(items[0]).toMatchObject({ kind: 'project-completed', isNew: true, name: '', recordId: null, project: { id, name: '示例里竣工工程' } })
})

it('what was decided before the calendar had its say, and comes in only after somebody has looked at that, is new all the same', async () => {
  const id = await station.add(731)
  await station.sync()
  const proofDate = shanghaiDate(new Date())
  await addFile(station.attachments, { recordId: id, content: contentOf('pdf', 500), type: socialInsuranceProofType, proofDate })
  const accountId = '5d0e2f7a-93b1-4c58-8a6d-112233445566'
  await noticesOf(accountId)
  // Offline for so long that the proof runs out.
  const later = { now: () => new Date(Date.now() + (socialInsuranceProofDays - 5) * 86_400_000) }
  const notices = createNoticesService({ local: station.local, account: { id: accountId }, clock: later })
  expect(await notices.list({})).toMatchObject({ unseen: 1, items: expect.arrayContaining([expect.objectContaining({ kind: 'proof-expiring', recordId: id, isNew: true })]) as unknown })
  await notices.markSeen({})
  expect(await notices.list({})).toMatchObject({ unseen: 0 })
  await reviewRegistration(rig.context(), id, { approve: true })
  await station.sync()
  const { items, unseen } = await notices.list({})
  expect(items.filter(({ isNew }) => isNew)).toMatchObject([{ kind: 'registration-approved', recordId: id }])
  expect(unseen).toBe(1)
})
