import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { companyCodeOf } from '../../../central/auth/ca/checks/company-code.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { makeAuthority, makeLeaf, textExtension, x509, type CertificateShape } from '../../support/certificates.ts'

const yizhengtong = '1.2.156.10260.4.1.4'
const sheca = '1.2.156.112570.11.210'
const shecaOld = '1.2.156.1.8888.148'
const code = '91310000MA1FL0AA0X'

async function codeIn(shape: CertificateShape): Promise<string | null> {
  const { der } = await makeLeaf(await makeAuthority({}), shape)
  try {
    return companyCodeOf(readCertificate(der))
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

describe('the unit of a certificate', () => {
  it.each([['UTF8String', 0x0c], ['PrintableString', 0x13], ['IA5String', 0x16]])('is read from a %s', async (_type, tag) => {
    expect(await codeIn({ more: [textExtension(yizhengtong, code, tag)] })).toBe(code)
  })

  it('is read from bare characters in the extension', async () => {
    expect(await codeIn({ more: [new x509.Extension(sheca, false, new Uint8Array(Buffer.from('0123456789')))] })).toBe('0123456789')
  })

  it('is read from an attribute of the subject', async () => {
    expect(await codeIn({ name: [{ O: ['甲公司'] }, { [shecaOld]: [code] }] })).toBe(code)
  })

  it('is taken from the surest field there is', async () => {
    expect(await codeIn({ more: [textExtension(shecaOld, 'OLD-148'), textExtension(sheca, 'SH-210'), textExtension(yizhengtong, code)] })).toBe(code)
    expect(await codeIn({ more: [textExtension(shecaOld, 'OLD-148'), textExtension(sheca, 'SH-210')] })).toBe('SH-210')
  })

  it('is never taken from the CN, whatever that says', async () => {
    expect(await codeIn({ name: [{ CN: [code] }] })).toBeNull()
    expect(await codeIn({ name: [{ CN: [`${yizhengtong}=${code}`] }, { O: [code] }] })).toBeNull()
  })

  it('named twice with one code is one unit', async () => {
    expect(await codeIn({ name: [{ [yizhengtong]: [code] }], more: [textExtension(yizhengtong, code)] })).toBe(code)
  })

  it('named twice with two codes is refused', async () => {
    expect(await codeIn({ name: [{ [yizhengtong]: [code] }], more: [textExtension(yizhengtong, '91310000MA1FL0BB0Y')] })).toBe('ca-company-code-conflict')
  })

  it('with two credit codes in two fields is refused', async () => {
    expect(await codeIn({ more: [textExtension(yizhengtong, '91310000MA1FL0AA0R'), textExtension(sheca, '91350100M000100Y43')] })).toBe('ca-company-code-conflict')
  })

  it.each(['甲公司', '9131\n0000', '9131\0', '', '91310000MA1FL0AA0ß'])('with %j for a code is refused', async (text) => {
    expect(await codeIn({ more: [textExtension(yizhengtong, text)] })).toBe('ca-certificate-malformed')
  })
})
