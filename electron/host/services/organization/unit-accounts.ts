import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { displayNameProblem, tidyNames, usernameProblem } from '../../../../shared/domain/account-rules.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { createAskedOnce, online } from '../asked-once.ts'
import { newInitialPassword } from './initial-password.ts'
import { changedMeanwhile, type OrganizationDeps } from './organization.service.ts'

type UnitAccountCalls = Omit<BridgeServices['organization'], 'profile' | 'saveContact'>

/** 账号 and CA证书 of the own unit. Nothing of them is kept here: who may sign in is the central service's to say at any moment. */
export function createUnitAccounts({ central, newId }: Pick<OrganizationDeps, 'central' | 'newId'>): UnitAccountCalls {
  const once = createAskedOnce(newId, 'central-needed')
  // A repeated wish is the same account with the same password: what was lost on the way back may be what is shown.
  const onceWithPassword = createAskedOnce(() => ({ key: newId(), id: newId(), password: newInitialPassword() }), 'central-needed')

  return {
    accounts: () => online(central.listAccounts(), 'central-needed'),
    addAccount: async (input) => {
      const names = tidyNames({ username: input.username, displayName: input.displayName })
      refuseNames([usernameProblem(names.username), displayNameProblem(names.displayName)])
      const account = { ...names, role: input.role }
      return onceWithPassword(JSON.stringify(['add', account]), async ({ key, id, password }) => {
        await central.createAccount({ ...account, id, password }, key)
        return { password }
      })
    },
    changeAccount: async ({ id, version, changes }) => {
      const tidied = changes.displayName === undefined ? changes : { ...changes, ...tidyNames({ displayName: changes.displayName }) }
      if (tidied.displayName !== undefined) refuseNames([displayNameProblem(tidied.displayName)])
      await changedMeanwhile('account-changed', once(JSON.stringify(['change', id, version, tidied]), (key) => central.patchAccount(id, version, tidied, key)))
      return {}
    },
    resetPassword: ({ id, version }) =>
      changedMeanwhile(
        'account-changed',
        onceWithPassword(JSON.stringify(['reset', id, version]), async ({ key, password }) => {
          await central.resetAccountPassword(id, version, password, key)
          return { password }
        }),
      ),
    certificates: () => online(central.listCertificates(), 'central-needed'),
    setBound: async ({ bindingId, accountId, bound }) => {
      await once(JSON.stringify(['bind', bindingId, accountId, bound]), (key) => (bound ? central.bindAccount(bindingId, accountId, key) : central.releaseAccount(bindingId, accountId, key)))
      return {}
    },
  }
}

function refuseNames(problems: readonly (string | null)[]): void {
  const count = problems.filter((problem) => problem !== null).length
  if (count > 0) throw new AppError('account-invalid', { count })
}
