import { describe, expect, it } from 'vitest'
import { parseRevocationSources } from '../../../central/auth/ca/revocation/revocation-sources.ts'
import { createTrustStore } from '../../../central/auth/ca/trust-store.ts'
import { makeAuthority, makeKeys } from '../../support/certificates.ts'

const root = await makeAuthority({})
const trust = createTrustStore(`${(await makeAuthority({ pathLength: 0 }, root)).pem}\n${root.pem}`)
const [issuer = '', other = ''] = trust.authorities.map(({ sha256 }) => sha256)
const parse = (json: unknown) => parseRevocationSources(typeof json === 'string' ? json : JSON.stringify(json), trust)
const ocsp = 'http://ocsp.test/'

describe('the file that names places to ask about revocation', () => {
  it('takes a URL of a responder, and of a list a URL or an absolute path', () => {
    const read = parse([{ issuer, ocsp, crl: 'https://crl.test/ca.crl?part=1' }, { issuer: other, crl: '/var/lib/crl/root.crl' }])
    expect(read).toEqual({ sources: new Map([[issuer, { ocsp, crl: 'https://crl.test/ca.crl?part=1' }], [other, { ocsp: null, crl: '/var/lib/crl/root.crl' }]]) })
  })

  it('names them for every pinned edition of a CA with the same name and key, unless that one has its own', async () => {
    const keys = await makeKeys()
    const names = [[{ CN: ['A'] }], [{ CN: ['A'] }], [{ CN: ['B'] }]]
    const editions = await Promise.all(names.map((name) => makeAuthority({ name, keys }, root)))
    const pinned = createTrustStore([...editions, root].map(({ pem }) => pem).join(''))
    const [first = '', second = '', otherName = ''] = pinned.authorities.map(({ sha256 }) => sha256)
    const sourcesOf = (...entries: unknown[]) => parseRevocationSources(JSON.stringify(entries), pinned)
    expect(sourcesOf({ issuer: second, ocsp })).toEqual({ sources: new Map([[second, { ocsp, crl: null }], [first, { ocsp, crl: null }]]) })
    expect(sourcesOf({ issuer: second, ocsp }, { issuer: first, crl: '/x' })).toEqual({ sources: new Map([[second, { ocsp, crl: null }], [first, { ocsp: null, crl: '/x' }]]) })
    expect(sourcesOf({ issuer: otherName, ocsp })).toEqual({ sources: new Map([[otherName, { ocsp, crl: null }]]) })
  })

  it.each<[string, unknown, string]>([
    ['no JSON', '{', '不是JSON文件'],
    ['an object', { issuer, ocsp }, '应为数组'],
    ['an empty list', [], '数组不能为空'],
    ['null', 'null', '应为数组'],
    ['a list of null', [null], '第1项：应为对象，只含issuer、ocsp、crl'],
    ['a field that does not exist', [{ issuer, ocsp, url: ocsp }], '第1项：应为对象，只含issuer、ocsp、crl'],
    ['no issuer', [{ ocsp }], '第1项：应为对象，只含issuer、ocsp、crl'],
    ['an issuer with colons', [{ issuer: issuer.match(/../g)?.join(':'), ocsp }], '第1项：issuer应为CA证书的SHA-256指纹（64位小写十六进制，不带冒号）'],
    ['an issuer in capitals', [{ issuer: issuer.toUpperCase().replace(/^./, 'A'), ocsp }], '第1项：issuer应为CA证书的SHA-256指纹（64位小写十六进制，不带冒号）'],
    ['an issuer that is not pinned', [{ issuer, ocsp }, { issuer: 'a'.repeat(64), ocsp }], '第2项：issuer不是CENTRAL_TRUSTED_CAS中的证书'],
    ['one issuer twice', [{ issuer, ocsp }, { issuer, crl: '/x.crl' }], '第2项：issuer重复'],
    ['no place', [{ issuer }], '第1项：ocsp与crl至少设置一项'],
    ['a responder that is a path', [{ issuer, ocsp: '/ocsp' }], '第1项：ocsp应为http或https网址'],
    ['a responder by another protocol', [{ issuer, ocsp: 'ldap://ocsp.test/' }], '第1项：ocsp应为http或https网址'],
    ['a responder with a password', [{ issuer, ocsp: 'http://u:p@ocsp.test/' }], '第1项：ocsp应为http或https网址'],
    ['a responder that is a number', [{ issuer, ocsp: 7 }], '第1项：ocsp应为网址'],
    ['a list by a relative path', [{ issuer, crl: 'ca.crl' }], '第1项：crl应为http或https网址，或文件的绝对路径'],
    ['a list by a file URL', [{ issuer, crl: 'file:///ca.crl' }], '第1项：crl应为http或https网址，或文件的绝对路径'],
  ])('is refused in one line where it has %s', (_what, json, wrong) => {
    expect(parse(json)).toEqual({ wrong })
  })
})
