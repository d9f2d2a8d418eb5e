import { randomUUID } from 'node:crypto'
import { bodyLimitOf } from '../../central/http/implement.ts'
import type { RouteName } from '../../shared/api/index.ts'
import { newKey, type Call } from '../support/central-service.ts'
import { mutationsOf, sample, seeded, wrongTexts } from './mutations.ts'
import type { RawRequest } from './raw-http.ts'

/** One operation of the OpenAPI document, as far as abuse needs it. */
export interface Operation {
  readonly name: RouteName
  readonly method: string
  readonly path: string
  readonly parameters: readonly { name: string; in: 'path' | 'query' | 'header' }[]
  /** In JSON. */
  readonly hasBody: boolean
  /** Of the body that is right. */
  readonly contentType: string
}

interface Document {
  paths: Record<string, Record<string, { operationId: string; parameters?: Operation['parameters']; requestBody?: { content: object } }>>
}

const json = 'application/json'

export function operationsOf(document: unknown): Operation[] {
  return Object.entries((document as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => {
      const [contentType = json] = Object.keys(requestBody?.content ?? {})
      return { name: operationId as RouteName, method: method.toUpperCase(), path, parameters, hasBody: requestBody !== undefined && contentType === json, contentType }
    }),
  )
}

export const wrongKinds = ['bodies', 'documents', 'types', 'addresses', 'headers'] as const
type WrongKind = (typeof wrongKinds)[number]

/** Requests that are wrong in one place each; everything else in them is right. */
export function wrongRequests(operation: Operation, right: Call, session: Readonly<Record<string, string>>, seed: number, most = { bodies: 90, addresses: 50, headers: 70 }): Record<WrongKind, RawRequest[]> {
  const random = seeded(seed)
  const base = baseOf(operation, right, session)
  return {
    bodies: operation.hasBody ? sample(mutationsOf(right.body), most.bodies, random).map(({ what, value }) => ({ ...base(), what, body: JSON.stringify(value) })) : [],
    documents: documents(operation, right, base),
    types: operation.hasBody ? contentTypes.map((type) => ({ ...base(), what: `content type ${type}`, headers: { ...base().headers, 'content-type': type } })) : [],
    addresses: sample(addresses(operation, right, base), most.addresses, random),
    headers: sample(headers(base), most.headers, random),
  }
}

type Base = (path?: string) => RawRequest & { headers: Record<string, string | readonly string[]> }

function baseOf({ method, path, parameters, contentType }: Operation, right: Call, session: Readonly<Record<string, string>>): Base {
  const query = new URLSearchParams(right.query).toString()
  return (given = fill(path, right.params ?? {}) + (query && `?${query}`)) => ({
    what: 'right', method, path: given,
    headers: {
      ...(right.body === undefined ? {} : { 'content-type': contentType }),
      ...(parameters.some(({ name }) => name === 'Idempotency-Key') ? { 'idempotency-key': newKey() } : {}),
      ...right.headers, ...session,
    },
    ...(right.body === undefined ? {} : { body: Buffer.isBuffer(right.body) ? right.body : JSON.stringify(right.body) }),
  })
}

const fill = (path: string, params: Readonly<Record<string, string>>) => path.replace(/\{(\w+)\}/g, (_whole, name: string) => params[name] ?? '')

const contentTypes = [
  'text/plain', 'text/plain; charset=utf-8', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'application/vnd.api+json', 'application/octet-stream',
  'application', '/', ';', '*/*', 'application/json, text/plain', 'text/html', 'application/json; charset=utf-16', `application/json; ${'x'.repeat(2_000)}`,
]

/** Bodies as bytes: what is wrong is not in a value but in how it is written. */
function documents({ name, hasBody }: Operation, right: Call, base: Base): RawRequest[] {
  const text = JSON.stringify(right.body ?? {})
  const json = { 'content-type': 'application/json' }
  const wrong = (what: string, body: string | Uint8Array, more: Record<string, string> = {}): RawRequest => ({ ...base(), what, body, headers: { ...base().headers, ...json, ...more } })
  const any = [wrong('no body at all', ''), wrong('a body that nobody asked for', '{"a":1}'), wrong('not JSON', '{'), wrong('a list', '[]'), wrong('null', 'null'), wrong('one byte more than the limit', ' '.repeat(bodyLimitOf(name)) + '1')]
  if (!hasBody) return any
  const atLimit = bodyLimitOf(name) - Buffer.byteLength(text)
  const [key = 'a', value] = Object.entries(right.body as object)[0] as [string, unknown]
  const middle = text.indexOf('":"') + 3
  return [
    ...any,
    wrong('as large as the limit', text + ' '.repeat(Math.max(0, atLimit))),
    wrong('a key twice, the wrong one first', `{${JSON.stringify(key)}:{"a":1},${text.slice(1)}`),
    wrong('a key twice, the wrong one last', `${text.slice(0, -1)},${JSON.stringify(key)}:[${JSON.stringify(value)}]}`),
    wrong('a key twice, once escaped', `{"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":7,${text.slice(1)}`),
    wrong('a byte order mark', `\ufeff${text}`),
    wrong('bytes that are no UTF-8', Buffer.concat([Buffer.from(text.slice(0, middle)), Buffer.of(0xff, 0xfe, 0xc0, 0x80), Buffer.from(text.slice(middle))])),
    wrong('half a character', Buffer.concat([Buffer.from(text.slice(0, middle)), Buffer.from('超').subarray(0, 2), Buffer.from(text.slice(middle))])),
    wrong('UTF-16', Buffer.from(text, 'utf16le')),
    wrong('a comment', `/* */${text}`), wrong('single quotes', text.replaceAll('"', "'")), wrong('NaN', `${text.slice(0, -1)},"x":NaN}`), wrong('a comma too many', `${text.slice(0, -1)},}`),
    wrong('something after the end', `${text}{}`), wrong('said to be compressed, and is not', text, { 'content-encoding': 'gzip' }),
    ...[1_000, 7_000].flatMap((depth) => [wrong(`${depth} lists deep`, '['.repeat(depth) + ']'.repeat(depth)), wrong(`${depth} objects deep`, `${'{"a":'.repeat(depth / 5)}1${'}'.repeat(depth / 5)}`)]),
    wrong('nested deep in its first field', `{${JSON.stringify(key)}:${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
  ]
}

function addresses({ path, parameters }: Operation, right: Call, base: Base): RawRequest[] {
  const encoded = [...wrongTexts.map((text) => encodeURIComponent(text.toWellFormed())), '%', '%zz', '%c0%ae%c0%ae', '%2e%2e%2f%2e%2e%2fetc', '%ed%a0%80', randomUUID().toUpperCase(), `${randomUUID()}%00`, 'x'.repeat(9_000)]
  const inPath = parameters.filter((parameter) => parameter.in === 'path').flatMap(({ name }) => encoded.map((value) => ({ ...base(fill(path, { ...right.params, [name]: value })), what: `${name} is ${value.slice(0, 40)}` })))
  const own = base().path
  const join = own.includes('?') ? '&' : '?'
  const queried = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const inQuery = [...queried, 'extra', '__proto__', 'constructor', 'a[b]'].flatMap((name) => encoded.slice(0, -1).map((value) => ({ ...base(`${own}${join}${name}=${value}`), what: `query ${name} is ${value.slice(0, 40)}` })))
  const odd = [`${own}${join}${'a=1&'.repeat(2_000)}`, `${own}/`, `/${own}`, `${own};a=b`, `${own}#x`, own.toUpperCase(), `${own}%20`, `http://other.test${own}`].map((target) => ({ ...base(target), what: 'odd address' }))
  return [...inPath, ...inQuery, ...odd]
}

const headerNames = ['idempotency-key', 'if-match', 'device-id', 'authorization', 'cookie', 'x-forwarded-for', 'accept', 'content-encoding', 'expect', 'x-http-method-override', 'origin', 'host', 'range', 'if-none-match',
  'tus-resumable', 'upload-offset', 'upload-length', 'upload-metadata', 'upload-defer-length', 'upload-concat', 'content-type']
const headerValues = [
  '', ' ', 'x', '*', '"1"', 'W/"1"', '"0"', '"-1"', '"1', '"999999999"', '"99999999999999999999"', '1', 'null', 'undefined', 'Bearer', 'Bearer ', `Bearer ${'A'.repeat(43)}`, `Bearer ${'A'.repeat(42)} `,
  `bearer ${'A'.repeat(43)}`, `Basic ${'QQ=='.repeat(5)}`, `Bearer ${'A'.repeat(9_000)}`, 'a'.repeat(64), 'a'.repeat(65), 'a'.repeat(9_000), "' or 1=1 --", '../../etc', '\u00ff\u00fe', 'sid=1; ca-connection=../..; ca-connection=', '__proto__', '127.0.0.1, 10.0.0.1', '{"a":1}',
]

function headers(base: Base): RawRequest[] {
  const one = headerNames.flatMap((name) => headerValues.map((value) => ({ ...base(), what: `${name}: ${value.slice(0, 40)}`, headers: { ...base().headers, [name]: value } })))
  const twice = headerNames.slice(0, 5).map((name) => ({ ...base(), what: `${name} twice`, headers: { ...base().headers, [name]: ['x', 'y'] } }))
  const none = Object.keys(base().headers).map((name) => ({ ...base(), what: `no ${name}`, headers: Object.fromEntries(Object.entries(base().headers).filter(([other]) => other !== name)) }))
  return [...one, ...twice, ...none]
}
