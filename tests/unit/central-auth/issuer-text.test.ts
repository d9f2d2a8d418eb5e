import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { identityOfCertificate } from '../../../central/auth/ca/certificate-identity.ts'
import { makeAuthority, makeLeaf, textExtension, x509 } from '../../support/certificates.ts'

const issuerTextUnder = async (name: x509.JsonName) => readCertificate((await makeLeaf(await makeAuthority({ name }))).der).issuerText

describe('the issuer that a binding is made with', () => {
  it('reads as people write it', async () => {
    expect(await issuerTextUnder([{ C: ['CN'] }, { O: ['上海市数字证书认证中心'] }, { CN: ['SHECA'] }])).toBe('C=CN,O=上海市数字证书认证中心,CN=SHECA')
  })

  it('never reads like another: a separator inside a value is written as a code', async () => {
    expect(await issuerTextUnder([{ O: ['A,CN=B'] }])).toBe('O=A\\2cCN\\3dB')
    expect(await issuerTextUnder([{ O: ['A'] }, { CN: ['B'] }])).toBe('O=A,CN=B')
    expect(await issuerTextUnder([{ O: ['A\\\\2cCN\\\\3dB'] }])).toBe('O=A\\5c2cCN\\5c3dB')
  })

  it('shows line breaks and NULs instead of containing them', async () => {
    expect(await issuerTextUnder([{ O: ['A\n\0B'] }])).toBe('O=A\\0a\\00B')
  })

  it('is found, with the code, in a certificate handed over as PEM or as DER', async () => {
    const { der } = await makeLeaf(await makeAuthority({ name: [{ CN: ['SHECA'] }] }), { more: [textExtension('1.2.156.10260.4.1.4', '91310000MA1FL0AA0R')] })
    const pem = Buffer.from(new x509.X509Certificate(new Uint8Array(der)).toString('pem'))
    for (const file of [der, pem]) expect(identityOfCertificate(file)).toMatchObject({ issuer: 'CN=SHECA', companyCode: '91310000MA1FL0AA0R' })
  })
})
