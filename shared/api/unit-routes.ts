import * as v from 'valibot'
import { newPasswordProblems } from '../domain/password.ts'
import { idSchema } from './primitives.ts'
import { route } from './route.ts'
import * as u from './unit-resources.ts'

const idParams = v.strictObject({ id: idSchema })
const writeProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight', 'forbidden'] as const
const updateProblems = [...writeProblems, 'if-match-missing', 'version-conflict', 'not-found'] as const

/**
 * 企业基本信息. Everybody of a unit reads it, its 单位管理员 change it; of another unit nothing is ever there. Whom a unit lets in and
 * with which of its certificates is its own affair; what the unit is and which certificates name it stay with the operator.
 */
export const unitRoutes = {
  patchOrganization: route({
    method: 'PATCH', path: '/v1/organization', tag: 'organization', summary: 'Change 地址, 联系人, 联系电话 of the own unit: for its 单位管理员',
    auth: 'session', idempotent: true, ifMatch: true, body: u.organizationPatch,
    replies: { 200: u.versionReceipt }, problems: [...updateProblems, 'organization-invalid'],
  }),
  listAccounts: route({
    method: 'GET', path: '/v1/accounts', tag: 'organization', summary: 'Accounts of the own unit',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 200: u.unitAccounts }, problems: [],
  }),
  createAccount: route({
    method: 'POST', path: '/v1/accounts', tag: 'organization', summary: 'A new account of the own unit, with a password that its clerk is to change: for 单位管理员',
    auth: 'session', idempotent: true, ifMatch: false, body: u.accountCreate,
    replies: { 201: u.versionReceipt }, problems: [...writeProblems, 'account-invalid', 'username-taken', 'account-too-many', ...newPasswordProblems, 'too-many-requests'],
  }),
  patchAccount: route({
    method: 'PATCH', path: '/v1/accounts/{id}', tag: 'organization', summary: 'Name, role, 停用 and 启用 of an account of the own unit: for 单位管理员',
    auth: 'session', idempotent: true, ifMatch: true, params: idParams, body: u.accountPatch,
    replies: { 200: u.versionReceipt }, problems: [...updateProblems, 'account-invalid', 'account-own', 'account-last-admin'],
  }),
  resetAccountPassword: route({
    method: 'POST', path: '/v1/accounts/{id}/password-resets', tag: 'organization', summary: '重置密码 of an account of the own unit, whose sessions end: for 单位管理员',
    auth: 'session', idempotent: true, ifMatch: true, params: idParams, body: u.accountPassword,
    replies: { 200: u.versionReceipt }, problems: [...updateProblems, 'account-own', ...newPasswordProblems, 'too-many-requests'],
  }),
  listCertificates: route({
    method: 'GET', path: '/v1/certificate-bindings', tag: 'organization', summary: 'Certificates that name the own unit, and who may sign in with them',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 200: u.unitCertificates }, problems: [],
  }),
  // An account is bound or is not: there is no version of it to have seen.
  bindAccount: route({
    method: 'POST', path: '/v1/certificate-bindings/{id}/accounts', tag: 'organization', summary: 'Let an account of the own unit sign in with a certificate that names it: for 单位管理员',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, body: u.boundAccount,
    replies: { 200: u.bindingReceipt }, problems: [...writeProblems, 'not-found'],
  }),
  releaseAccount: route({
    method: 'POST', path: '/v1/certificate-bindings/{id}/releases', tag: 'organization', summary: 'Let it no more; what it has open by it ends: for 单位管理员',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, body: u.boundAccount,
    replies: { 200: u.bindingReceipt }, problems: [...writeProblems, 'not-found', 'account-own'],
  }),
} as const
