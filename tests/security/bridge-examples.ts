import type * as v from 'valibot'
import type { BridgeContract } from '../../shared/contract/index.ts'
import { idCardNoOf, personValues } from '../support/people.ts'
import { onePixel } from '../support/roster-files.ts'

/** A right input of every call of the bridge. A call without one does not compile. */
type Examples = { readonly [G in keyof BridgeContract]: { readonly [M in keyof BridgeContract[G]['methods']]: InputOf<BridgeContract[G]['methods'][M]> } }
type InputOf<M> = M extends { input: infer S extends v.GenericSchema<unknown, unknown> } ? v.InferInput<S> : never

const nobody = '018f0000-0000-7000-8000-00000000dead'
const noKey = { certificateId: 'no-such-key/01', pin: '12345678', confirmFinalTry: false }

export const bridgeExamples: Examples = {
  app: { info: {}, keepPlace: { place: '/registrations' } },
  session: {
    state: {},
    signInWithKey: noKey,
    chooseAccount: { accountId: nobody, password: null },
    signInWithPassword: { username: 'nobody-at-all', password: 'wrong-password' },
    cancelSignIn: {},
    unlockWithKey: noKey,
    openSigningKey: noKey,
    unlockWithPassword: { password: 'wrong-password' },
    changePassword: { password: 'wrong-password', newPassword: 'another-password' },
    lock: {},
    noteInput: { ago: 0 },
    signOut: {},
  },
  caKey: { state: {}, refresh: {}, chooseDriver: {}, forgetDriver: {} },
  registrations: {
    list: { query: '', page: 1, pageSize: 10 },
    checkIdCardNo: { idCardNo: idCardNoOf(501) },
    begin: { idCardNo: idCardNoOf(502) },
    open: { id: nobody },
    keepDraft: { id: nobody, values: personValues(503), revision: 1 },
    save: { id: nobody, values: personValues(503), revision: 1 },
    submit: { id: nobody, values: personValues(503), revision: 1 },
    discardDraft: { id: nobody },
    remove: { id: nobody },
    conflict: { id: nobody },
    resolveConflict: { id: nobody, choices: { name: 'mine' } },
    history: { id: nobody },
  },
  transfers: {
    beforeTransferOut: { id: nobody },
    transferOut: { id: nobody, requestId: null, reason: '1', note: '', leftOn: '2026-11-01' },
    cancelTransferOut: { id: nobody },
    requests: {},
    refresh: {},
    ask: { idCardNo: idCardNoOf(504), name: '某人' },
    withdraw: { id: nobody },
    refuse: { id: nobody, words: '暂不同意' },
    transferIn: { idCardNo: idCardNoOf(505), name: '某人' },
  },
  organization: { profile: {} },
  attachments: {
    list: { recordId: nobody },
    beginAdding: { recordId: nobody, type: '99', name: '附件.pdf', size: 100, proofDate: null },
    addChunk: { id: nobody, offset: 0, chunk: 'JVBERi0xLjcK' },
    finishAdding: { id: nobody },
    matchPhotos: { names: ['张三1234.jpg'] },
    cancelAdding: { id: nobody },
    remove: { id: nobody },
    restore: { id: nobody },
    startUpload: { recordId: nobody, id: nobody },
    pauseUpload: { recordId: nobody, id: nobody },
    read: { id: nobody, offset: 0 },
    download: { id: nobody },
    expiringProofs: {},
  },
  idCardReader: { state: {}, read: {} },
  roster: {
    state: {},
    template: {},
    choose: {},
    beginFile: { name: '名册.xlsx', size: 10 },
    addPiece: { offset: 0, chunk: '' },
    finishFile: {},
    cancel: {},
    rows: { kind: null, from: 0, count: 20 },
    edit: { index: 0, column: 'name', text: '张三' },
    errorAfter: { index: 0 },
    commit: { mode: 'submit' },
    photos: {},
    readPhoto: { row: 0, place: 0, offset: 0 },
    review: {},
    saveErrors: {},
    imports: {},
    resume: { id: nobody },
    rollBack: { id: nobody },
    exportColumns: {},
    exportPeople: { query: '', onlyNeedingAttention: false, columns: ['name'], why: null, watermark: onePixel },
  },
  reveals: {
    show: { id: nobody, field: 'mobile', reason: 'contact', words: '' },
    search: { from: null, to: null, accountId: null, name: '', cursor: null },
  },
  reviews: {
    pending: { query: '', organizationId: null, cursor: null },
    open: { id: nobody },
    readAttachment: { id: nobody, attachmentId: nobody, offset: 0 },
    downloadAttachment: { id: nobody, attachmentId: nobody },
    decide: { decision: 'approved', reason: '', registrations: [{ id: nobody, version: 1, attachmentsSeq: null }] },
    decided: { cursor: null },
    ofRegistration: { id: nobody },
  },
  sync: { status: {}, syncNow: {}, acceptRemovals: {} },
}
