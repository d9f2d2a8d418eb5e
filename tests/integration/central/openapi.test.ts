import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statusOf } from '../../../central/http/problem-status.ts'
import { centralApi, type RouteName } from '../../../shared/api/index.ts'
import type { RouteSpec } from '../../../shared/api/route.ts'
import { readReply, startCentral, type Central } from '../../support/central-service.ts'

interface Operation {
  operationId: string
  security: unknown[]
  parameters: { name: string; in: string }[]
  requestBody?: unknown
  responses: Record<string, { content?: Record<string, unknown> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}

describe('/openapi.json', () => {
  let central: Central
  let served: string
  let document: Document
  const folder = mkdtempSync(join(tmpdir(), 'central-openapi-'))
  beforeAll(async () => {
    central = await startCentral({ kind: 'sqlite', path: ':memory:' })
    const reply = readReply(await central.app.inject('/openapi.json'))
    served = reply.text
    document = reply.body as unknown as Document
  })
  afterAll(async () => {
    await central?.close()
    rmSync(folder, { recursive: true })
  })

  it('passes Redocly’s recommended rules without a warning', () => {
    const file = join(folder, 'openapi.json')
    writeFileSync(file, served)
    const cli = resolve('node_modules/@redocly/cli/bin/cli.js')
    const { stdout } = spawnSync(process.execPath, [cli, 'lint', file, '--config', join(import.meta.dirname, 'redocly.yaml'), '--format', 'json'], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    })
    const { totals, problems } = JSON.parse(stdout) as { totals: { errors: number; warnings: number }; problems: { ruleId: string; message: string }[] }
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
    expect(totals).toMatchObject({ errors: 0, warnings: 0 })
  })

  it.each(Object.keys(centralApi) as RouteName[])('says of %s what the contract says', (name) => {
    const route: RouteSpec = centralApi[name]
    const operation = document.paths[route.path]?.[route.method.toLowerCase()]
    if (!operation) throw new Error('missing')
    expect(operation.operationId).toBe(name)
    expect(operation.security).toEqual(route.auth === 'session' ? [{ session: [] }] : [])
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined || route.takesBytes !== undefined)
    const headers = operation.parameters.filter((parameter) => parameter.in === 'header').map((parameter) => parameter.name)
    expect(headers).toEqual([...(route.auth === 'session' ? ['Device-Id'] : []), ...(route.idempotent ? ['Idempotency-Key'] : []), ...Object.keys(route.headers?.entries ?? {}), ...(route.ifMatch ? ['If-Match'] : [])])
    const statuses = [...Object.keys(route.replies), ...route.problems.map((code) => String(statusOf(code)))]
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(statuses))
  })

  it('holds no route that the contract does not', () => {
    const told = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
    expect(told.sort()).toEqual(Object.keys(centralApi).sort())
  })

  it('and the service serve the same routes', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) expect(central.app.hasRoute({ method: method.toUpperCase(), url: path.replace(/\{(\w+)\}/g, ':$1') }), path).toBe(true)
    }
  })
})
