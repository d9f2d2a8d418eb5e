import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Log } from '../../ports.ts'
import { makePasswordVerifier, passwordMatches, type OfflinePass } from './offline-unlock.ts'
import type { SessionDevice } from './session-ports.ts'

/** The central service knows the certificate and wants nobody signed in with it. */
const certificateIsOut = ['ca-not-bound', 'ca-certificate-revoked', 'ca-chain-untrusted'] as const

/** Takes back what an online sign-in left here for use offline, as soon as the central service is heard to say no. */
export interface OfflinePasses {
  certificateRefused(error: unknown, sha256: string): Promise<void>
  /** The certificate opens these accounts and no others. */
  certificateOpens(sha256: string, accountIds: readonly string[]): Promise<void>
  choiceRefused(error: unknown, choice: { accountId: string; sha256: string; password: string | null }): Promise<void>
  passwordRefused(error: unknown, username: string, password: string): Promise<void>
  changeRefused(error: unknown, accountId: string, password: string): Promise<void>
  /** Changed elsewhere or reset: what others may know opens nothing here any more. */
  passwordEnded(accountId: string): Promise<void>
  /** Where a password opened the account here, from now on the new one does, and for as long as the old one would have. */
  passwordChanged(accountId: string, newPassword: string): Promise<void>
}

export function createOfflinePasses(device: SessionDevice, log: Log): OfflinePasses {
  /** The refusal itself is what the clerk must read, so a file that cannot be written now does not hide it. */
  async function change(each: (pass: OfflinePass) => OfflinePass | null): Promise<void> {
    try {
      await device.changePasses((passes) => passes.flatMap((pass) => usable(each(pass))))
    } catch (error) {
      log.error('offline passes not taken back', error)
    }
  }

  const forgetAccount = (matches: (pass: OfflinePass) => boolean) => change((pass) => (matches(pass) ? null : pass))
  const forgetCertificate = (sha256: string, matches: (pass: OfflinePass) => boolean) =>
    change((pass) => (pass.certificate?.sha256 === sha256 && matches(pass) ? { ...pass, certificate: null } : pass))

  /** Only a password that was right here until now has been changed there; a slip of the finger has not. */
  async function forgetPasswordIfKnown(matches: (pass: OfflinePass) => boolean, password: string): Promise<void> {
    const known = device.passes().find(matches)
    if (known?.password && (await passwordMatches(password, known.password))) await forgetPassword(matches)
  }
  const forgetPassword = (matches: (pass: OfflinePass) => boolean) => change((pass) => (matches(pass) ? { ...pass, password: null } : pass))

  return {
    certificateRefused: async (error, sha256) => {
      if (AppError.is(error, 'account-disabled')) await forgetAccount(({ certificate }) => certificate?.sha256 === sha256)
      if (AppError.is(error, ...certificateIsOut)) await forgetCertificate(sha256, () => true)
    },
    certificateOpens: (sha256, accountIds) => forgetCertificate(sha256, ({ account }) => !accountIds.includes(account.id)),
    choiceRefused: async (error, { accountId, sha256, password }) => {
      const own = ({ account }: OfflinePass) => account.id === accountId
      if (AppError.is(error, 'account-disabled')) await forgetAccount(own)
      if (AppError.is(error, 'account-choice-invalid')) await forgetCertificate(sha256, own)
      if (AppError.is(error, 'sign-in-failed') && password !== null) await forgetPasswordIfKnown(own, password)
    },
    passwordRefused: async (error, username, password) => {
      const own = ({ account }: OfflinePass) => account.username === username
      if (AppError.is(error, 'account-disabled')) await forgetAccount(own)
      if (AppError.is(error, 'password-needs-ca')) await forgetPassword(own)
      if (AppError.is(error, 'sign-in-failed')) await forgetPasswordIfKnown(own, password)
    },
    changeRefused: async (error, accountId, password) => {
      if (AppError.is(error, 'password-wrong')) await forgetPasswordIfKnown(({ account }) => account.id === accountId, password)
    },
    passwordEnded: async (accountId) => {
      const own = ({ account }: OfflinePass) => account.id === accountId
      if (device.passes().some((pass) => own(pass) && pass.password)) await forgetPassword(own)
    },
    passwordChanged: async (accountId, newPassword) => {
      const verifier = await makePasswordVerifier(newPassword)
      await change((pass) => (pass.account.id === accountId && pass.password ? { ...pass, password: { ...pass.password, ...verifier } } : pass))
    },
  }
}

function usable(pass: OfflinePass | null): OfflinePass[] {
  return pass && (pass.certificate || pass.password) ? [pass] : []
}
