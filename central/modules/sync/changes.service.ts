import type * as v from 'valibot'
import type { changesPage } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { changedAttachments, toAttachmentResource } from '../attachments/attachment.repository.ts'
import { changedBindings, toBindingResource } from '../bindings/binding.repository.ts'
import { changedTeams, toTeamResource } from '../bindings/team.repository.ts'
import { changedFaces } from '../faces/registration-face.repository.ts'
import { passedIdentityChecks } from '../identity-checks/identity-check.repository.ts'
import { findOrganization, toOrganizationResource } from '../organization/organization.repository.ts'
import { boundPeople } from '../projects/bound-people.ts'
import { changedProjects } from '../projects/project.repository.ts'
import { changedRegistrations, removedRegistrations, toRegistrationResource } from '../registrations/registration.repository.ts'

export type ChangesPage = v.InferOutput<typeof changesPage>

/**
 * What changed in the caller's unit after `after`, oldest first, removals included. A registration appears once, with
 * its newest state.
 * @throws AppError cursor-expired where the cursor belongs to another life of the database
 */
export async function readChanges(context: ServiceContext, who: Who, { after, epoch, limit }: { after: number; epoch: string | null; limit: number }): Promise<ChangesPage> {
  return inTransaction(context.db, async (trx) => {
    // The number first: what PostgreSQL shows to a later statement may only be newer, and then comes once more.
    const organization = await findOrganization(trx, who.organizationId)
    if (!organization) throw new AppError('not-found')
    if ((epoch !== null && epoch !== context.epoch) || after > organization.seq) throw new AppError('cursor-expired')
    const registrations = await changedRegistrations(trx, who.organizationId, after, limit + 1)
    const removals = await removedRegistrations(trx, who.organizationId, after, limit + 1)
    const attachments = await changedAttachments(trx, who.organizationId, after, limit + 1)
    const projects = await changedProjects(trx, boundPeople, who.organizationId, after, limit + 1)
    const bindings = await changedBindings(trx, who.organizationId, after, limit + 1)
    const checked = await passedIdentityChecks(trx, bindings.flatMap(({ live_registration_id: id }) => id ?? []))
    const teams = await changedTeams(trx, who.organizationId, after, limit + 1)
    const faces = await changedFaces(trx, who.organizationId, after, limit + 1)
    const items: ChangesPage['items'] = [
      ...registrations.map((row) => ({ kind: 'registration' as const, seq: row.seq, registration: toRegistrationResource(row, context.personal) })),
      ...removals.map((row) => ({ kind: 'registration-removed' as const, seq: row.seq, id: row.registration_id })),
      ...projects.map((each) => ({ kind: 'project' as const, ...each })),
      ...bindings.map((row) => ({ kind: 'binding' as const, seq: row.seq, binding: toBindingResource(row, checked.get(row.live_registration_id ?? '') ?? null, context.personal) })),
      ...teams.map((row) => ({ kind: 'team' as const, seq: row.seq, team: toTeamResource(row) })),
      ...faces.map((each) => ({ kind: 'face' as const, ...each })),
      ...attachments.map(({ seq, registrationId, items: rows }) => ({ kind: 'attachments' as const, seq, registrationId, items: rows.map((row) => toAttachmentResource(row, context.personal)) })),
      ...(organization.changed_seq > after ? [{ kind: 'organization' as const, seq: organization.changed_seq, organization: toOrganizationResource(organization, context.personal) }] : []),
    ].sort((a, b) => a.seq - b.seq)
    const page = items.slice(0, limit)
    const hasMore = items.length > limit
    // The end of the feed, not the last item: refused writes use numbers too.
    const next = hasMore ? (page.at(-1)?.seq ?? after) : organization.seq
    return { epoch: context.epoch, organizationId: who.organizationId, items: page, next, hasMore }
  })
}
