import { createSessionService } from '../../../electron/host/services/session/session.service.ts'
import type { SessionState } from '../../../shared/contract/session.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { fakeCentral, fakeDevice, fakeKey, fakeKeys, fakeWorkspaces } from '../../support/session-fakes.ts'

export const pin = '12345678'
export const password = 'right-password'
export const day = 86_400_000

/** A session service among stand-ins, on a clock that a test sets. */
export async function startSession() {
  const clock = { at: Date.parse('2026-11-23T08:00:00Z'), now: () => new Date(clock.at) }
  const emitted: SessionState[] = []
  const [central, device, workspaces, key] = [fakeCentral(), fakeDevice(), fakeWorkspaces(), await fakeKey()]
  const keys = fakeKeys(key)
  const session = createSessionService({
    central, keys, device, clock, openWorkspace: (...unit) => workspaces.open(...unit),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    emit: (state) => void emitted.push(state),
  })
  const withKey = { certificateId: key.certificateId, pin, confirmFinalTry: false, password: null }
  return { clock, emitted, central, device, workspaces, key, keys, session, calls: session.calls, withKey }
}

export async function codeOf(attempt: unknown): Promise<string> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'no error'
}
