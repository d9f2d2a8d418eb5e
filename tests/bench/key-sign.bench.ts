import { fileURLToPath } from 'node:url'
import pkcs11 from 'pkcs11js'
import { makeToken } from '../../build/demo/demo-token.ts'
import { startNodeKeyProcess } from '../../electron/browser/node-key-process.ts'
import { connectKeyProcess, keyDeadlines } from '../../electron/host/ca-key/key-connection.ts'
import { signedStatementText } from '../../shared/domain/ca-login-bytes.ts'
import { makeTestKeys } from '../support/softhsm.ts'
import { against, alone, alternate, atMost, report } from './measure.ts'

// What it costs to keep the CA lock's library in a process of its own: a signature there against one made in this
// process with nothing but pkcs11js. The software token signs in a millisecond; a real lock takes far longer.
const keys = await makeTestKeys()
const pin = '12345678'
const token = await makeToken(keys.store, keys.ca, { label: 'bench', pin, company: '甲修缮公司', organizationCode: '91310000MA1FL0000X', algorithm: 'RSA-2048' })
Object.assign(process.env, keys.store.env)

const entry = fileURLToPath(new URL('../../electron/host/ca-key/key-process.ts', import.meta.url))
async function startHelper() {
  const helper = connectKeyProcess(startNodeKeyProcess(entry), keyDeadlines)
  await helper.driver.load(keys.store.modulePath)
  return helper
}
const statement = { audience: 'https://central.test', cid: 'c'.repeat(36), nonce: 'n'.repeat(43), deviceId: 'device-0123456789', purpose: 'login' }
const text = Buffer.from(signedStatementText({ ...statement, certificateSha256: token.certificateSha256, alg: 'RS256' }))

const library = new pkcs11.PKCS11()
library.load(keys.store.modulePath)
library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
const slot = library.C_GetSlotList(true).find((each) => library.C_GetTokenInfo(each).serialNumber.trim() === token.serial)
if (!slot) throw new Error('the token is not there')
const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
library.C_Login(session, pkcs11.CKU_USER, pin)
library.C_FindObjectsInit(session, [{ type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY }])
const [key] = library.C_FindObjects(session, 1)
library.C_FindObjectsFinal(session)
if (!key) throw new Error('no key on the token')

const helper = await startHelper()
await helper.driver.login(token.certificateId, pin, false)
const times = await alternate(
  {
    inProcess: () => {
      library.C_SignInit(session, { mechanism: pkcs11.CKM_SHA256_RSA_PKCS }, key)
      return library.C_Sign(session, text, Buffer.alloc(256))
    },
    helper: () => helper.driver.sign(token.certificateId, statement),
  },
  500,
)
helper.kill()

const restarts: number[] = []
for (let round = 0; round < 10; round++) {
  const doomed = await startHelper()
  const started = performance.now()
  doomed.kill()
  await doomed.ended
  const next = await startHelper()
  await next.driver.presentSerials()
  restarts.push(performance.now() - started)
  next.kill()
}
library.C_Finalize()
keys.remove()
report([
  against('rsa-2048', times.helper, 'in this process', times.inProcess, { bound: atMost(2) }),
  alone('rsa-2048-p95', times.helper, { bound: atMost(100, 'ms'), part: 0.95 }),
  { name: 'restart-slowest', value: Math.max(...restarts), unit: 'ms', bound: atMost(1_000, 'ms') },
])
