import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { centralApi, type RouteName } from '../../../shared/api/index.ts'
import type { PosterCodesReply } from '../../../shared/api/poster-codes.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { fileProject } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newDeviceId, newKey, startCentral, type Call, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { faceCheckOf, faceWithdrawalOf } from '../../support/face-checks.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'
import { jpegOf, newToken, phoneOf, submissionOf } from '../../support/self-registrations.ts'
import { creationHeaders } from '../../support/uploads.ts'
import { aimAttachment, appending, type AimedAttachment } from '../../security/aimed-attachment.ts'
import { bindFor } from '../../security/aimed-binding.ts'

const routes = Object.keys(centralApi) as RouteName[]
const withSession = routes.filter((name) => centralApi[name].auth === 'session')
/** Answers without a body, so without a code. */
const isHead = (name: RouteName) => centralApi[name].method === 'HEAD'

describe.each(backends)('what belongs to a unit on %s', (name) => {
  let backend: Backend
  let central: Central
  let owner: Clerk & { unit: Unit }
  let stranger: Clerk & { unit: Unit }
  let registration: string
  let bindingId: string
  let attachment: AimedAttachment
  let project: { id: string; projectNo: string }
  let waitingForm = ''
  let posterCode: string
  const values = personValues(1, { residenceDetail: '独一无二路77号' })
  const departure = { reason: '1', note: '', leftOn: shanghaiDate(new Date()), requestId: null }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    owner = await central.newClerk('甲修缮有限公司')
    stranger = await central.newClerk('乙修缮有限公司')
    // Whatever an account may be able to do is tried.
    await central.db.updateTable('account').set({ role: 'unit-admin' }).where('id', '=', stranger.unit.accountId).execute()
    bindingId = await bindFor(central, owner.unit.accountId)
    registration = String((await owner.register(values)).body['id'])
    project = await fileProject(central, owner.unit, undefined, '独一无二小区改造工程')
    await owner.call('linkProject', { body: { projectId: project.id } })
    const codes = await owner.call('issuePosterCodes', { body: { projectIds: [project.id], evenStopped: false } })
    posterCode = (codes.body as unknown as PosterCodesReply).items[0]?.code ?? ''
    const phone = phoneOf(central, posterCode)
    const form = await phone.fillIn(1)
    await phone.sendWhole(form)
    waitingForm = form.id
    attachment = await aimAttachment(central, owner.authorized, registration)
    const gone = String((await owner.register(2)).body['id'])
    await owner.call('withdrawRegistration', { params: { id: gone }, headers: { 'if-match': '"1"' } })
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  /** A right call of every route, aimed at the owner's registration. A new route must be added here. */
  const aimed: { readonly [N in RouteName]: () => Call } = {
    health: () => ({}),
    createChallenge: () => ({ body: { deviceId: newDeviceId() } }),
    signInWithCaKey: () => ({ body: { fmt: 'x', cid: 'aaaaaaaa', unverifiedCertificate: 'A'.repeat(100), alg: 'ES256', signature: 'A'.repeat(86), deviceId: newDeviceId() } }),
    chooseAccount: () => ({ body: { ticket: 'A'.repeat(43), accountId: owner.unit.accountId, password: null, deviceId: newDeviceId() } }),
    signInWithPassword: () => ({ body: { username: owner.username, password: 'wrong', deviceId: newDeviceId() } }),
    changePassword: () => ({ body: { password: 'wrong-password', newPassword: 'another-password' } }),
    readSession: () => ({}),
    readOrganization: () => ({}),
    patchOrganization: () => ({ body: { changes: { contactName: '某人' } }, headers: { 'if-match': '"1"' } }),
    listAccounts: () => ({}),
    createAccount: () => ({ body: { id: owner.unit.accountId, username: newKey(), displayName: '某人', role: 'clerk', password: 'Muxu-hetao-7' } }),
    patchAccount: () => ({ params: { id: owner.unit.accountId }, body: { changes: { disabled: true } }, headers: { 'if-match': '"1"' } }),
    resetAccountPassword: () => ({ params: { id: owner.unit.accountId }, body: { password: 'Muxu-hetao-7' }, headers: { 'if-match': '"1"' } }),
    listCertificates: () => ({}),
    bindAccount: () => ({ params: { id: bindingId }, body: { accountId: owner.unit.accountId } }),
    releaseAccount: () => ({ params: { id: bindingId }, body: { accountId: owner.unit.accountId } }),
    checkIdCardNo: () => ({ body: { idCardNo: idCardNoOf(1) } }),
    listRegistrations: () => ({ query: { limit: '999' } }),
    createRegistration: () => ({ body: { id: registration, personType: 'manager', values: personValues(3) } }),
    readRegistration: () => ({ params: { id: registration } }),
    patchRegistration: () => ({ params: { id: registration }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } }),
    withdrawRegistration: () => ({ params: { id: registration }, headers: { 'if-match': '"1"' } }),
    listAttachments: () => ({ query: { registrationId: registration } }),
    attachStored: () => ({ body: attachment.again }),
    removeAttachment: () => ({ params: { id: attachment.attachmentId } }),
    readAttachmentContent: () => ({ params: { id: attachment.attachmentId } }),
    createUpload: () => ({ headers: creationHeaders({ ...attachment.upload, id: randomUUID() }) }),
    readUpload: () => ({ params: { id: attachment.upload.id }, headers: { 'tus-resumable': '1.0.0' } }),
    appendUpload: () => appending(attachment.upload.id, attachment.uploadBytes),
    endUpload: () => ({ params: { id: attachment.upload.id }, headers: { 'tus-resumable': '1.0.0' } }),
    transferOut: () => ({ params: { id: registration }, body: departure, headers: { 'if-match': '"1"' } }),
    listTransferRequests: () => ({}),
    askTransfer: () => ({ body: { id: newKey(), idCardNo: idCardNoOf(1), name: '某人' } }),
    refuseTransfer: () => ({ params: { id: registration }, body: { words: '暂不同意' } }),
    withdrawTransfer: () => ({ params: { id: registration } }),
    transferIn: () => ({ body: { idCardNo: idCardNoOf(1), name: values.name } }),
    lookUpProject: () => ({ body: { projectNo: project.projectNo } }),
    listProjects: () => ({}),
    linkProject: () => ({ body: { projectId: project.id } }),
    unlinkProject: () => ({ params: { id: project.id } }),
    issuePosterCodes: () => ({ body: { projectIds: [project.id], evenStopped: true } }),
    reissuePosterCode: () => ({ body: { projectId: project.id, code: posterCode } }),
    revokePosterCode: () => ({ body: { projectId: project.id, code: posterCode } }),
    openPosterCode: () => ({ params: { code: posterCode } }),
    createWorkChallenge: () => ({}),
    submitSelfRegistration: () => ({ body: submissionOf(1, { code: posterCode }) }),
    sendSelfRegistrationPhoto: () => ({ params: { id: registration, photo: 'portrait' }, headers: { 'submission-token': newToken(), 'content-type': 'image/jpeg' }, body: jpegOf(1) }),
    readOwnSelfRegistration: () => ({ params: { id: registration }, headers: { 'submission-token': newToken() } }),
    listSelfRegistrations: () => ({ query: { projectId: project.id } }),
    readSelfRegistration: () => ({ params: { id: waitingForm } }),
    readSelfRegistrationPhoto: () => ({ params: { id: waitingForm, photo: 'portrait' } }),
    settleSelfRegistration: () => ({ params: { id: waitingForm }, body: { decision: 'returned', reason: '照片不清' } }),
    listReviewsOfRegistration: () => ({ params: { id: registration } }),
    searchPendingRegistrations: () => ({ body: { query: '', organizationId: owner.unit.id, cursor: null, limit: 100 } }),
    readPendingRegistration: () => ({ params: { id: registration } }),
    readPendingAttachment: () => ({ params: { id: registration, attachmentId: attachment.attachmentId } }),
    reviewRegistrations: () => ({ body: { decisions: [{ decision: 'approved', opId: newKey(), id: registration, baseVersion: 1, attachmentsSeq: null }] } }),
    listDecidedReviews: () => ({}),
    listWaitingIdentityChecks: () => ({}),
    listIdentityChecksOfRegistration: () => ({ params: { id: registration } }),
    beginIdentityCheck: () => ({ params: { id: registration }, body: { documentId: attachment.attachmentId, portraitId: attachment.attachmentId } }),
    finishIdentityCheck: () => ({ params: { id: registration }, body: { result: 'passed', documentId: attachment.attachmentId, portraitId: attachment.attachmentId } }),
    searchReviewedProjects: () => ({ body: { projectNo: project.projectNo, name: '', status: null, page: 1, pageSize: 20 } }),
    searchReviewedPeople: () => ({ body: { projectId: project.id, status: 'pending', query: '', personType: null, cursor: null, limit: 20 } }),
    readReviewedBinding: () => ({ params: { id: registration } }),
    readReviewedBindingAttachment: () => ({ params: { id: registration, attachmentId: attachment.attachmentId } }),
    decideBindings: () => ({ body: { decisions: [{ decision: 'approved', opId: newKey(), id: registration, baseVersion: 1, registrationVersion: 1, attachmentsSeq: null }] } }),
    reportReveals: () => ({ body: { reveals: [{ id: newKey(), registrationId: registration, field: 'mobile', reason: 'contact', words: '', accountId: owner.unit.accountId, at: new Date().toISOString() }] } }),
    searchReveals: () => ({ body: { from: null, to: null, accountId: null, name: '', cursor: null } }),
    pushOperations: () => ({
      body: {
        operations: [
          { kind: 'create', opId: newKey(), registration: { id: registration, personType: 'manager', values } },
          { kind: 'patch', opId: newKey(), id: registration, baseVersion: 1, changes: { jobPosition: '安全员' } },
          { opId: newKey(), ...faceCheckOf({ registrationId: registration, accountId: owner.unit.accountId, at: new Date().toISOString() }) },
          { opId: newKey(), ...faceWithdrawalOf({ registrationId: registration, accountId: owner.unit.accountId, at: new Date().toISOString() }) },
          { kind: 'transfer-out', opId: newKey(), id: registration, baseVersion: 1, departure },
          { kind: 'withdraw', opId: newKey(), id: registration, baseVersion: 1 },
        ],
      },
    }),
    pullChanges: () => ({ query: { after: '0' } }),
    awaitNews: () => ({ query: { after: '0', bindings: '' } }),
    suspendSession: () => ({}),
    endSession: () => ({}),
  }

  it.each(withSession)('is told to nobody of another unit by %s', async (route) => {
    const device = await central.signIn(stranger.username)
    const { text } = await device.call(route, aimed[route]())
    for (const trace of [owner.unit.id, owner.unit.accountId, owner.unit.creditCode, owner.username, '甲修缮', '独一无二', posterCode, values.mobile, values.name]) expect(text).not.toContain(trace)
    // A log of what the asker itself has told, whatever it named.
    if (route !== 'readRegistration' && route !== 'searchReveals') expect(text).not.toContain(registration)
  })

  it('is as it was after another unit tried every route on it', async () => {
    const device = await central.signIn(stranger.username)
    for (const route of withSession) await device.call(route, aimed[route]())
    const { body } = await owner.call('readRegistration', { params: { id: registration } })
    expect(body).toMatchObject({ version: 1, status: 'pending', values })
  })

  it('answers another unit as if there were no such registration', async () => {
    const { body } = await stranger.call('readRegistration', { params: { id: registration } })
    const { body: invented } = await stranger.call('readRegistration', { params: { id: randomUUID() } })
    expect(body).toEqual(invented)
    expect(body['code']).toBe('not-found')
    for (const route of ['patchRegistration', 'withdrawRegistration', 'transferOut'] as const) expect((await stranger.call(route, aimed[route]())).status, route).toBe(404)
  })

  it.each(withSession)('is told to nobody without a session by %s', async (route) => {
    const foreignDevice = { ...owner.authorized, 'device-id': newDeviceId() }
    const tokens = [{}, { authorization: 'Bearer x' }, { authorization: `Bearer ${'A'.repeat(43)}`, 'device-id': owner.deviceId }, foreignDevice, { authorization: owner.authorized.authorization }]
    for (const headers of tokens) {
      const call = aimed[route]()
      expect(await central.send(route, { ...call, headers: { ...call.headers, ...headers, 'idempotency-key': newKey() } }), route).toMatchObject({ status: 401, body: isHead(route) ? {} : { code: 'session-missing' } })
    }
  })

  it.each(withSession)('is told by %s neither after signing out, nor while the CA lock is pulled, nor after the session ran out', async (route) => {
    const codeAfter = async (end: (device: Clerk) => unknown) => {
      const device = await central.signIn(owner.username)
      await end(device)
      const { status, body } = await device.call(route, aimed[route]())
      return isHead(route) ? status : body['code']
    }
    const told = (code: string) => (isHead(route) ? 401 : code)
    expect(await codeAfter((device) => device.call('endSession'))).toBe(told('session-missing'))
    expect(await codeAfter((device) => device.call('suspendSession'))).toBe(told('session-suspended'))
    expect(await codeAfter(({ deviceId }) => central.db.updateTable('session').set({ expires_at: '2000-01-01T00:00:00.000Z' }).where('device_id', '=', deviceId).execute())).toBe(told('session-expired'))
  })

  it('is seen whole by every account of the unit', async () => {
    const username = randomUUID()
    await central.addAccount(owner.unit.id, username)
    const colleague = await central.signIn(username)
    expect((await colleague.call('readRegistration', { params: { id: registration } })).body).toMatchObject({ values })
    expect((await colleague.call('readOrganization')).body).toMatchObject({ id: owner.unit.id, name: '甲修缮有限公司', contactPhone: '021-00000000' })
    expect((await colleague.call('readSession')).body).toMatchObject({ organizationId: owner.unit.id, account: { username } })
  })
})
