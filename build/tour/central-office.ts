import type { RegistrationStatus } from '../../shared/domain/statuses.ts'
import { findAccountByUsername } from '../../central/auth/accounts.repository.ts'
import { openCentralDatabase } from '../../central/database/open.ts'
import { resetPassword } from '../../central/operator/access-operations.ts'
import { reviewRegistration } from '../../central/operator/review-operations.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { readOrMakePersonalKeys } from '../../central/personal-data/personal-keys.ts'
import { demoDatabase, demoPaths } from '../demo/make-demo.ts'
import type { Demo } from '../start/demo.ts'

export interface FoundRegistration {
  readonly id: string
  readonly organization: string
  readonly status: RegistrationStatus
}

export interface CentralOffice {
  /** Every live registration of a person in the whole system. */
  registrationsOf(idCardNo: string): Promise<FoundRegistration[]>
  review(registrationId: string, decision: { approve: true } | { approve: false; comment: string }): Promise<void>
  /** As an administrator who is asked for it. */
  resetPassword(username: string, password: string): Promise<void>
  close(): Promise<void>
}

/** The operator's seat at the central service: on its machine, beside the running service. */
export async function openCentralOffice(demo: Demo): Promise<CentralOffice> {
  const paths = demoPaths(demo.folder)
  const { db, epoch, close } = await openCentralDatabase(demoDatabase(demo.folder, demo.postgresUrl))
  const personal = createPersonalData(readOrMakePersonalKeys(paths.personalKeys))
  const context = { db, epoch, personal, clock: { now: () => new Date() } }
  return {
    registrationsOf: (idCardNo) =>
      db
        .selectFrom('registration')
        .innerJoin('organization', 'organization.id', 'registration.organization_id')
        .select(['registration.id', 'registration.status', 'organization.name as organization'])
        .where('registration.id_card_no_hash', '=', personal.hashIdCardNo(idCardNo))
        .where('registration.status', '!=', 'left')
        .execute(),
    review: (registrationId, decision) => reviewRegistration(context, registrationId, decision),
    resetPassword: async (username, password) => {
      const account = await findAccountByUsername(db, username)
      if (!account) throw new RangeError(`no such account: ${username}`)
      await resetPassword(context, account.id, password)
    },
    close,
  }
}
