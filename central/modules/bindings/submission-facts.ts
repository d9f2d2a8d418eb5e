import type { SubmissionFacts } from '../../../shared/domain/binding.ts'
import { certificateFacts } from '../../../shared/domain/certificate-facts.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext } from '../../service-context.ts'
import { hasPassedIdentityCheck } from '../identity-checks/identity-check.repository.ts'
import { findOrganization } from '../organization/organization.repository.ts'
import { isParty } from '../projects/project.repository.ts'
import { findLive, findOwnRegistration, valuesOf, type RegistrationWithPerson } from '../registrations/registration.repository.ts'
import type { BindingRow } from './binding.repository.ts'

/** What is known of somebody whose binding is to be submitted, and the registration that it would be submitted with. */
export interface GatheredFacts {
  readonly facts: SubmissionFacts
  readonly registrationId: string | null
}

type Whose = Pick<BindingRow, 'project_id' | 'organization_id' | 'id_card_no_hash'>

/** The one place that gathers them; what follows from them says `submissionBlock`. */
export async function submissionFacts(context: ServiceContext, db: CentralDb, binding: Whose): Promise<GatheredFacts> {
  const { standing, row } = await registrationOf(db, binding)
  const certificates = row ? certificateFacts(valuesOf(row, context.personal), shanghaiDate(context.clock.now())) : { workTypeCertified: true, licencesExpired: false }
  return {
    facts: {
      projectOpen: await isProjectOpen(db, binding.project_id, binding.organization_id),
      registration: standing,
      ...certificates,
      identityChecked: row !== undefined && (await hasPassedIdentityCheck(db, row.id)),
      identityCheckRequired: context.identityCheckRequired ?? true,
    },
    registrationId: row?.id ?? null,
  }
}

/** Of the person in the binding's unit. That there is one elsewhere is all that is told of another unit. */
async function registrationOf(db: CentralDb, { organization_id, id_card_no_hash }: Whose): Promise<{ standing: SubmissionFacts['registration']; row?: RegistrationWithPerson }> {
  const live = await findLive(db, id_card_no_hash)
  if (live) {
    const row = live.organization_id === organization_id ? await findOwnRegistration(db, organization_id, live.id) : undefined
    return row ? { standing: 'live', row } : { standing: 'elsewhere' }
  }
  const refused = await db.selectFrom('registration').select('id').where('organization_id', '=', organization_id).where('id_card_no_hash', '=', id_card_no_hash).where('status', '=', 'refused').executeTakeFirst()
  return { standing: refused ? 'refused' : 'none' }
}

/** 在建, not withdrawn, and the unit still takes part. */
export async function isProjectOpen(db: CentralDb, projectId: string, organizationId: string): Promise<boolean> {
  const project = await db.selectFrom('project').selectAll().where('id', '=', projectId).executeTakeFirst()
  const organization = await findOrganization(db, organizationId)
  if (!project || !organization || project.status !== 'active' || project.withdrawn_at !== null) return false
  return isParty(db, project, organization.credit_code)
}
