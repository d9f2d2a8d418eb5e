import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PushOperation } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralPort, SubmissionProof } from '../../../electron/host/central/central-port.ts'
import { withSignedPush } from '../../../electron/host/sync/signed-push.ts'
import { failureOf } from '../../support/key-service-rig.ts'
import { startSyncRig, type SyncRig } from '../../support/sync-rig.ts'

let rig: SyncRig
beforeAll(async () => void (rig = await startSyncRig()))
afterAll(() => rig.close())

const proof: SubmissionProof = { cid: 'cid', unverifiedCertificate: 'certificate', alg: 'ES256', signature: 'signature' }
const operations: PushOperation[] = [{ kind: 'withdraw', opId: 'op', id: 'id', baseVersion: 1 }]

/** A central service that wants signatures while `isWanted`, and a lock that is in while `hasKey`. */
function workstation() {
  const sent: (SubmissionProof | undefined)[] = []
  const state = { isWanted: true, hasKey: false, signatures: 0 }
  const push: CentralPort['push'] = async (_operations, _signal, given) => {
    sent.push(given)
    if (state.isWanted && !given) throw new AppError('submission-not-signed')
    return { epoch: 'epoch', results: [] }
  }
  const central = withSignedPush({ push } as CentralPort, async () => {
    if (!state.hasKey) throw new AppError('submission-needs-key')
    state.signatures += 1
    return proof
  })
  return { state, sent, push: () => central.push(operations) }
}

it('what waits for a lock is taken without one once the operator wants no signatures any more', async () => {
  const { state, push } = workstation()
  for (let round = 0; round < 2; round++) expect((await failureOf(push())).code).toBe('submission-needs-key')
  state.isWanted = false
  expect(await push()).toMatchObject({ results: [] })
})

it('with a lock everything is signed from the first refusal on, once each', async () => {
  const { state, sent, push } = workstation()
  state.hasKey = true
  for (let round = 0; round < 3; round++) await push()
  expect(sent).toEqual([undefined, proof, proof, proof])
  expect(state.signatures).toBe(3)
})

it('a lock that fails leaves the queue waiting for it: the line is not called down, and others’ changes come in', async () => {
  const unit = await rig.addUnit()
  const [station, colleague] = [await rig.workstation(unit), await rig.workstation(await rig.addAccount(unit.id))]
  station.client.push = () => Promise.reject(new AppError('key-failed', { ckr: 'USER_NOT_LOGGED_IN' }))
  await station.add(1)
  const theirs = await colleague.add(2)
  await colleague.sync()
  expect(await station.sync()).toMatchObject({ phase: 'waiting-for-key', queued: 1, nextTryAt: null, problem: { code: 'key-failed', details: { ckr: 'USER_NOT_LOGGED_IN' } } })
  expect(await station.row(theirs)).toMatchObject({ syncState: 'uploaded' })
})
