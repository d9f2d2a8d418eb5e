import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { centralApi } from '../../shared/api/index.ts'
import { problemContentType, problemSchema } from '../../shared/api/problem.ts'
import type { RouteSpec } from '../../shared/api/route.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'
import { errorTable } from '../../shared/errors/codes.ts'
import { statusOf } from './problem-status.ts'

/** Any route may answer with these. */
const everywhere: readonly ErrorCode[] = ['request-malformed', 'central-busy', 'internal']
const withBody: readonly ErrorCode[] = ['request-too-large', 'content-type-unsupported']
const withSession: readonly ErrorCode[] = ['session-missing', 'session-password-changed', 'session-expired', 'session-suspended']

const tags: Readonly<Record<RouteSpec['tag'], string>> = {
  'service': 'The service itself.',
  'sign-in': 'By CA lock or by user name and password; both lead to the same kind of session. Replies are never stored.',
  'session': 'The session of the `Authorization` and `Device-Id` headers.',
  'organization': 'The own unit (参建单位).',
  'registrations': 'People registered with the own unit. At most one live registration a person, in all units together.',
  'attachments': '附件 and 人员相片, of the unit’s registrations and of the unit itself. Content comes by tus 1.0.',
  'projects': '项目人员绑定: projects of the 建设程序审批系统 and which of them a unit has in its list.',
  'poster-codes': '项目二维码: the short codes of posters by which workers register themselves. For 施工单位.',
  'self-registrations': '扫码登记: what a worker’s phone sends and asks without a session, from which nobody learns who is registered; and the clerk’s look at it.',
  'transfers': '离职迁出 and 迁入: how people move from one unit to the next. The unit that lets somebody go is never named to the other.',
  'reviews': 'What the units in the review scope of the own one wait for (登记审核), and what was decided.',
  'identity-checks': '身份核验 without a face: two managers of the unit compare ID document and photo.',
  'binding-reviews': '项目人员登记绑定审核: what accounts with 登记审核 of a project’s 实施单位 see and decide on.',
  'reveals': 'Who looked at which masked number (ID number, phone), and what for; never the number.',
  'sync': 'Writes that waited on a workstation, and what changed since it last looked.',
}

/** The OpenAPI 3.1 document of the central API, derived from the contract alone. */
export function openApiDocument(version: string, serverUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, spec] of Object.entries(centralApi)) {
    const route: RouteSpec = spec
    const path = (paths[route.path] ??= {})
    path[route.method.toLowerCase()] = operation(name, route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '修缮实名制中心服务',
      version,
      description: 'Central API that the workstations of participating units sync with. Derived from the contract in shared/api.',
      license: { name: 'UNLICENSED', identifier: 'LicenseRef-Unlicensed' },
    },
    servers: [{ url: serverUrl }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { session: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: jsonSchema(problemSchema) },
    },
  }
}

function operation(name: string, route: RouteSpec): Record<string, unknown> {
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    security: route.auth === 'session' ? [{ session: [] }] : [],
    parameters: parameters(route),
    ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body) } } } } : {}),
    ...(route.takesBytes ? { requestBody: { required: true, content: { [route.takesBytes]: { schema: { type: 'string', format: 'binary' } } } } } : {}),
    responses: responses(route),
  }
}

function parameters(route: RouteSpec): unknown[] {
  return [
    ...fields(route.params).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...fields(route.query).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
    ...(route.auth === 'session' ? [header('Device-Id', 'The workstation that the session belongs to')] : []),
    ...(route.idempotent ? [header('Idempotency-Key', 'Made once a write; repeated with every attempt at it')] : []),
    ...fields(route.headers).map(([name, schema]) => ({ name, in: 'header', required: true, schema })),
    ...(route.ifMatch ? [header('If-Match', 'ETag of the version that the change was made on')] : []),
  ]
}

function header(name: string, description: string): unknown {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } }
}

function fields(schema: v.GenericSchema | undefined): [string, unknown][] {
  if (!schema) return []
  return Object.entries((jsonSchema(schema) as { properties?: Record<string, unknown> }).properties ?? {})
}

function responses(route: RouteSpec): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [status, schema] of Object.entries(route.replies)) {
    result[status] = {
      description: route.summary,
      ...(schema ? { content: { 'application/json': { schema: jsonSchema(schema) } } } : {}),
      ...(route.sendsBytes ? { content: { '*/*': { schema: { type: 'string', format: 'binary' } } } } : {}),
    }
  }
  const codes = [...everywhere, ...(route.body || route.takesBytes ? withBody : []), ...(route.auth === 'session' ? withSession : []), ...route.problems]
  for (const status of new Set(codes.map(statusOf))) {
    const told = codes.filter((code) => statusOf(code) === status)
    result[String(status)] = {
      description: told.map((code) => `\`${code}\`: ${errorTable[code].sentence}`).join('\n'),
      content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  }
  return result
}

function jsonSchema(schema: v.GenericSchema): unknown {
  const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' }) as Record<string, unknown>
  return rest
}
