import * as v from 'valibot'
import { foundProject } from '../api/projects.ts'
import { projectClosureSchema, projectNoLength, projectStatusSchema } from '../domain/project.ts'
import { method } from '../wire/contract.ts'
import { countSchema, done, idSchema } from './common.ts'

/** One line of the list 项目人员绑定. */
export const projectRowSchema = v.strictObject({
  id: idSchema,
  projectNo: v.string(),
  name: v.string(),
  status: projectStatusSchema,
  /** Null: the unit works on it. */
  closure: v.nullable(projectClosureSchema),
  managerCount: countSchema,
  workerCount: countSchema,
})
export type ProjectView = v.InferOutput<typeof projectRowSchema>

const open = ['not-signed-in', 'locked'] as const
/** Which projects there are only the central service knows: these are done at once, or not at all. */
const online = [
  ...open, 'central-needed', 'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'account-disabled', 'too-many-requests',
] as const
const byId = v.strictObject({ id: idSchema })

export const projectsGroup = {
  methods: {
    /** As last known here; newest number first. */
    list: method(
      v.strictObject({
        /** Parts of 报建编号 and 项目名称; '' for all. */
        projectNo: v.pipe(v.string(), v.maxLength(projectNoLength)),
        name: v.pipe(v.string(), v.maxLength(100)),
        status: v.nullable(projectStatusSchema),
        page: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
        pageSize: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(50)),
      }),
      v.strictObject({
        rows: v.array(projectRowSchema),
        total: countSchema,
        /** 1-based; the last page where the asked-for one lies beyond. */
        page: countSchema,
      }),
      open,
    ),
    /** 新增, step one: what the confirmation shows. */
    lookUp: method(v.strictObject({ projectNo: v.pipe(v.string(), v.maxLength(projectNoLength), v.regex(/\S/)) }), foundProject, [...online, 'project-not-found']),
    /** 新增, step two. It is in the list when this answers, or comes with the next sync where that cannot be had at once. */
    link: method(byId, done, [...online, 'project-not-found']),
    /** 删除项目. */
    unlink: method(byId, done, [...online, 'not-found', 'project-has-people']),
  },
  events: {
    /** The list is other than before. */
    changed: v.strictObject({}),
  },
} as const
