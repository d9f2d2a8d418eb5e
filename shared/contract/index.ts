import type { Client, Emit, Services } from '../wire/contract.ts'
import { appGroup } from './app.contract.ts'
import { attachmentsGroup } from './attachments.contract.ts'
import { bindingsGroup } from './bindings.contract.ts'
import { bindingReviewsGroup } from './binding-reviews.contract.ts'
import { caKeyGroup } from './ca-key.contract.ts'
import { displayGroup } from './display.contract.ts'
import { facesGroup } from './faces.contract.ts'
import { idCardReaderGroup } from './id-card-reader.contract.ts'
import { noticesGroup } from './notices.contract.ts'
import { identityChecksGroup } from './identity-checks.contract.ts'
import { organizationGroup } from './organization.contract.ts'
import { postersGroup } from './posters.contract.ts'
import { projectsGroup } from './projects.contract.ts'
import { registrationsGroup } from './registrations.contract.ts'
import { rosterGroup } from './roster.contract.ts'
import { revealsGroup } from './reveals.contract.ts'
import { reviewsGroup } from './reviews.contract.ts'
import { selfRegistrationsGroup } from './self-registrations.contract.ts'
import { sessionGroup } from './session.contract.ts'
import { syncGroup } from './sync.contract.ts'
import { transfersGroup } from './transfers.contract.ts'

/**
 * The bridge between the page and the host: group → method → input, output, errors. To add a call, see
 * docs/how-to-add-call.md.
 */
export const bridgeContract = {
  app: appGroup,
  display: displayGroup,
  session: sessionGroup,
  caKey: caKeyGroup,
  registrations: registrationsGroup,
  transfers: transfersGroup,
  projects: projectsGroup,
  notices: noticesGroup,
  bindings: bindingsGroup,
  posters: postersGroup,
  selfRegistrations: selfRegistrationsGroup,
  organization: organizationGroup,
  attachments: attachmentsGroup,
  idCardReader: idCardReaderGroup,
  roster: rosterGroup,
  reveals: revealsGroup,
  reviews: reviewsGroup,
  bindingReviews: bindingReviewsGroup,
  identityChecks: identityChecksGroup,
  faces: facesGroup,
  sync: syncGroup,
} as const

export type BridgeContract = typeof bridgeContract
export type BridgeClient = Client<BridgeContract>
export type BridgeServices = Services<BridgeContract>
export type BridgeEmit = Emit<BridgeContract>
