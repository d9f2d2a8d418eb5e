import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { bridgeContract } from '../../../shared/contract/index.ts'
import { keyProcessContract } from '../../../shared/contract/key-process.contract.ts'
import type { MethodSpec } from '../../../shared/wire/contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { errorCodes, errorTable, isErrorCode, type ErrorCode } from '../../../shared/errors/codes.ts'
import { readSource, sourceFiles } from '../architecture/source-files.ts'

const blanksOf = (code: ErrorCode) => [...errorTable[code].sentence.matchAll(/\{(\w*)\}/g)].map(([, name]) => name ?? '')

describe('the closed list of errors', () => {
  it.each(errorCodes)('%s has a Chinese sentence that a clerk can read to its end', (code) => {
    const { sentence } = errorTable[code]
    expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
    expect(sentence).toMatch(/^[^。！？]+[。](?:[^。]+。)*$/)
    const words = sentence.replace(/\{\w+\}/g, '').match(/[A-Za-z][A-Za-z-]*/g) ?? []
    const known = ['CA', 'X', 'HEIC', 'ZIP', 'PIN', 'Windows', 'Idempotency-Key', 'If-Match', 'JPG', 'PNG', 'WebP', 'PDF', 'MB', 'Excel', 'WPS', 'xlsx', 'xls']
    expect(words.filter((word) => !known.includes(word))).toEqual([])
    expect(sentence).not.toMatch(/[,;:!?]|\s{2}|。。/)
  })

  it('has for each code a sentence of its own', () => {
    const sentences = errorCodes.map((code) => errorTable[code].sentence)
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([])
  })

  it('leaves only blanks that somebody can fill', () => {
    const filled = ['file', 'validUntil', 'width', 'height', 'bits', 'wanted', 'company', 'min', 'max', 'notAfter', 'notBefore', 'ckr', 'seconds', 'days', 'count', 'length', 'format', 'size', 'most', 'label']
    expect([...new Set(errorCodes.flatMap(blanksOf))].filter((name) => !filled.includes(name))).toEqual([])
  })

  it('is thrown with what fills its blanks, wherever the program names it', () => {
    const thrown = sourceFiles.filter((path) => /^(shared|electron|central|renderer)\//.test(path) && path.endsWith('.ts')).flatMap(errorsMadeIn)
    expect(thrown.length).toBeGreaterThan(100)
    const poor = thrown.filter(({ code, given }) => isErrorCode(code) && given !== 'unknown' && blanksOf(code).some((name) => !given.includes(name)))
    expect(poor).toEqual([])
    expect(thrown.filter(({ code }) => !isErrorCode(code))).toEqual([])
  })

  it('knows every code a call may answer with', () => {
    const groups = [...Object.values(bridgeContract), ...Object.values(keyProcessContract)]
    const declared = groups.flatMap(({ methods }) => Object.values(methods as Record<string, MethodSpec>)).flatMap(({ errors }) => errors)
    expect(declared.length).toBeGreaterThan(20)
    expect(declared.filter((code) => !isErrorCode(code))).toEqual([])
  })
})

describe('an error that crosses a border', () => {
  it.each(errorCodes)('%s comes back with its code, details and sentence', (code) => {
    const details = Object.fromEntries(blanksOf(code).map((name, index) => [name, index + 6]))
    const error = new AppError(code, details)
    const back = AppError.fromWire(JSON.parse(JSON.stringify(error.toWire())))
    expect(back).toBeInstanceOf(AppError)
    expect({ code: back.code, details: back.details, retriable: back.retriable, sentence: back.sentence }).toEqual({ code, details, retriable: errorTable[code].retriable, sentence: error.sentence })
    expect(back.sentence).not.toMatch(/[{}]/)
  })

  it('tells nothing of its cause', () => {
    const error = new AppError('local-full', {}, { cause: new Error('secret') })
    expect(JSON.stringify(error.toWire())).not.toContain('secret')
  })

  it('says what its own side holds for retriable, whatever came', () => {
    expect(AppError.fromWire({ code: 'central-busy', retriable: false, details: {} }).retriable).toBe(true)
    expect(AppError.fromWire({ code: 'forbidden', retriable: true, details: {} }).retriable).toBe(false)
  })

  it.each([undefined, null, 'x', 7, {}, { code: 7 }, { code: 'made-up' }, { code: 'toString' }, { code: '__proto__' }])('%j becomes `internal`', (wire) => {
    expect(AppError.fromWire(wire).code).toBe('internal')
  })

  it('passes on an unknown code only where it looks like one', () => {
    expect(AppError.fromWire({ code: 'made-up' }).details).toEqual({ unknownCode: 'made-up' })
    expect(AppError.fromWire({ code: 'token 310104199003071234' }).details).toEqual({})
  })

  it('has details even where none or nonsense came', () => {
    for (const details of [undefined, null, 'x', ['x']]) expect(AppError.fromWire({ code: 'forbidden', details }).details).toEqual({})
  })
})

describe('an error’s sentence', () => {
  it('is filled from the details, texts and numbers alone', () => {
    expect(new AppError('key-pin-length', { min: 6, max: 16 }).sentence).toBe('口令长度不符，应为6至16位。')
    expect(new AppError('key-different', { company: '甲公司' }).sentence).toBe('插入的不是原CA锁（公司：甲公司），请更换。')
    expect(new AppError('key-different', { company: { name: 'x' } }).sentence).toBe('插入的不是原CA锁（公司：），请更换。')
  })

  it('is asked for by code', () => {
    const error: unknown = new AppError('forbidden')
    expect(AppError.is(error, 'not-found', 'forbidden')).toBe(true)
    expect(AppError.is(error, 'not-found')).toBe(false)
    expect(AppError.is(new Error('forbidden'), 'forbidden')).toBe(false)
  })
})

interface ErrorMade {
  readonly path: string
  readonly code: string
  /** Names of the details; `unknown` where they are not written out there. */
  readonly given: readonly string[] | 'unknown'
}

/** Every `new AppError('…', {…})` of a file. */
function errorsMadeIn(path: string): ErrorMade[] {
  const made: ErrorMade[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'AppError') {
      const [code, details] = node.arguments ?? []
      if (code && ts.isStringLiteral(code)) made.push({ path, code: code.text, given: namesIn(details) })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, readSource(path), ts.ScriptTarget.Latest, true))
  return made
}

function namesIn(details: ts.Expression | undefined): ErrorMade['given'] {
  if (!details) return []
  if (!ts.isObjectLiteralExpression(details) || details.properties.some(ts.isSpreadAssignment)) return 'unknown'
  return details.properties.flatMap(({ name }) => (name ? [name.getText()] : []))
}
