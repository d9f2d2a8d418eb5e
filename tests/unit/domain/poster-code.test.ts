import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupPosterCode, isPosterCode, isPosterOrigin, makePosterCode, posterUrl, readPosterCode } from '../../../shared/domain/poster-code.ts'

const codes = fc.uint8Array({ minLength: 10, maxLength: 10 }).map(makePosterCode)

describe('短码', () => {
  it('has ten characters of Crockford’s alphabet, which has no I, L, O and U', () => {
    fc.assert(fc.property(codes, (code) => isPosterCode(code) && /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code)))
    expect(makePosterCode(Uint8Array.from({ length: 10 }, (_each, at) => at))).toBe('0123456789')
    // Five bits of each byte: 32 values, all of them used.
    const firsts = Array.from({ length: 256 }, (_each, byte) => makePosterCode(new Uint8Array(10).fill(byte))[0])
    expect(new Set(firsts).size).toBe(32)
  })

  it('is read from whatever somebody copies from paper', () => {
    fc.assert(fc.property(codes, (code) => readPosterCode(groupPosterCode(code)) === code && readPosterCode(` ${code.toLowerCase()} `) === code))
    expect(readPosterCode('oil-o1i-abcd')).toBe('011011ABCD')
    expect(readPosterCode('７ｋ３ Ｍ９Ｑ ２ＸＴＢ')).toBe('7K3M9Q2XTB')
  })

  it('is not read from what is none', () => {
    for (const text of ['', '7K3M9Q2XT', '7K3M9Q2XTBB', '7K3M9Q2XTU', '7K3M9Q2XT*', '身份证号码一二三四五']) expect(readPosterCode(text), text).toBeNull()
  })

  it('stands in an address of capitals, digits and the signs that QR’s alphanumeric mode has', () => {
    expect(posterUrl('https://register.example.com:8443', '7K3M9Q2XTB')).toBe('HTTPS://REGISTER.EXAMPLE.COM:8443/W/7K3M9Q2XTB')
    fc.assert(fc.property(codes, (code) => /^[0-9A-Z $%*+\-./:]+$/.test(posterUrl('http://127.0.0.1:8080', code))))
    for (const wrong of ['https://[::1]:8443', 'https://登记.cn', 'https://a.cn/', 'ftp://a.cn']) expect(isPosterOrigin(wrong), wrong).toBe(false)
  })
})
