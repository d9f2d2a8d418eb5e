import * as v from 'valibot'
import { projectClosureSchema, projectNoLength, projectStatusSchema } from '../domain/project.ts'
import { idSchema } from './primitives.ts'
import { route } from './route.ts'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** What the unit's 合同备案 says of a project, as filed; '' where it says nothing. */
export const projectContract = v.strictObject({
  /** 中标价(万元). */
  bidPriceWan: v.string(),
  /** 面积, square metres. */
  area: v.string(),
  /** 开工日期 and 竣工日期, yyyy-MM-dd. */
  startDate: v.string(),
  completionDate: v.string(),
})
export type ProjectContract = v.InferOutput<typeof projectContract>

/** A project as a unit has it in its list 项目人员绑定. Nothing of other units stands in it. */
export const linkedProjectResource = v.strictObject({
  id: idSchema,
  /** 报建编号. */
  projectNo: v.string(),
  name: v.string(),
  status: projectStatusSchema,
  /** Null: the unit works on it. */
  closure: v.nullable(projectClosureSchema),
  /** 管理人员数量: the unit's own on this project. */
  managerCount: count,
  /** 现场作业人员数量: the same of workers. */
  workerCount: count,
  /** Null: none was filed. */
  contract: v.nullable(projectContract),
  /** 删除项目: it is in the list no more. */
  archived: v.boolean(),
  /** The operator's switch of this project: who has agreed to it may have 人脸数据 sent to the central service. */
  facesMayBeSent: v.boolean(),
})
export type LinkedProjectResource = v.InferOutput<typeof linkedProjectResource>

/** As typed. NUL is no part of it: PostgreSQL stores none. */
export const projectLookUpRequest = v.strictObject({ projectNo: v.pipe(v.string(), v.minLength(1), v.maxLength(projectNoLength), v.regex(/^\P{Cc}*$/u)) })
export const foundProject = v.strictObject({
  id: idSchema,
  projectNo: v.string(),
  name: v.string(),
  /** It is in the unit's list already. */
  linked: v.boolean(),
})
export type FoundProject = v.InferOutput<typeof foundProject>

export const projectLink = v.strictObject({ projectId: idSchema })
export const projectReceipt = v.strictObject({ id: idSchema })

const idParams = v.strictObject({ id: idSchema })
const writeProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight'] as const

/** 项目人员绑定, manual 5.1: which projects a unit works on here. Projects themselves come from the approval system alone. */
export const projectRoutes = {
  // One answer for what there is not and for what is another unit's: a number is no key to a project.
  lookUpProject: route({
    method: 'POST', path: '/v1/project-look-ups', tag: 'projects', summary: 'The project with this 报建编号, where the own unit is a party to it',
    auth: 'session', idempotent: false, ifMatch: false, body: projectLookUpRequest,
    replies: { 200: foundProject }, problems: ['project-not-found', 'too-many-requests'],
  }),
  listProjects: route({
    method: 'GET', path: '/v1/linked-projects', tag: 'projects', summary: 'The list of the own unit, with its counts',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 200: v.strictObject({ items: v.array(linkedProjectResource) }) }, problems: [],
  }),
  // Whatever the list was before: a project that is in it stays in it, so there is no version to have seen.
  linkProject: route({
    method: 'POST', path: '/v1/linked-projects', tag: 'projects', summary: '新增项目: put a project into the list of the own unit',
    auth: 'session', idempotent: true, ifMatch: false, body: projectLink,
    replies: { 201: projectReceipt }, problems: [...writeProblems, 'project-not-found'],
  }),
  unlinkProject: route({
    method: 'DELETE', path: '/v1/linked-projects/{id}', tag: 'projects', summary: '删除项目: take a project off the list of the own unit, where nobody of it is bound to the project',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams,
    replies: { 200: projectReceipt }, problems: [...writeProblems, 'not-found', 'project-has-people'],
  }),
} as const
