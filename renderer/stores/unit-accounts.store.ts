import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { UnitAccount, UnitAccounts, UnitCertificates } from '../../shared/api/unit-resources.ts'
import type { AccountChange } from '../../shared/domain/account-rules.ts'
import type { AccountRole } from '../../shared/domain/statuses.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge } from '../bridge/bridge.ts'

/** 账号 and CA证书 of the own unit, as the central service tells at the moment. A new password only passes through. */
export const useUnitAccountsStore = defineStore('unit-accounts', () => {
  const accounts = shallowRef<UnitAccounts | null>(null)
  const certificates = shallowRef<UnitCertificates | null>(null)
  /** How often it was forgotten: an answer from before is another clerk's. */
  let forgotten = 0

  async function load(): Promise<void> {
    const before = forgotten
    const answer = await bridge.organization.accounts({})
    if (before === forgotten) accounts.value = answer
  }

  async function loadCertificates(): Promise<void> {
    const before = forgotten
    const answer = await bridge.organization.certificates({})
    if (before === forgotten) certificates.value = answer
  }

  /** What was done is done: that the list cannot be read anew must not look as if it was not. */
  const loadIfPossible = () => load().catch(() => undefined)

  /** Refused because somebody else was faster: the list says what they did. */
  async function write<T>(call: Promise<T>): Promise<T> {
    try {
      const answer = await call
      await loadIfPossible()
      return answer
    } catch (error) {
      if (AppError.is(error, 'account-changed', 'account-last-admin', 'not-found')) await loadIfPossible()
      throw error
    }
  }

  return {
    accounts,
    certificates,
    load,
    loadCertificates,
    /** @returns the first password, which nobody can be told again */
    add: async (account: { username: string; displayName: string; role: AccountRole }) => (await write(bridge.organization.addAccount(account))).password,
    change: ({ id, version }: Pick<UnitAccount, 'id' | 'version'>, changes: AccountChange) => write(bridge.organization.changeAccount({ id, version, changes })),
    resetPassword: async ({ id, version }: Pick<UnitAccount, 'id' | 'version'>) => (await write(bridge.organization.resetPassword({ id, version }))).password,
    setBound: async (bindingId: string, accountId: string, bound: boolean) => {
      await bridge.organization.setBound({ bindingId, accountId, bound })
      await loadCertificates().catch(() => undefined)
    },
    forget: () => {
      forgotten++
      accounts.value = null
      certificates.value = null
    },
  }
})
