import { bindingReceipt, teamReceipt, type BindingOperation, type BindingReceipt, type TeamOperation, type TeamReceipt } from '../../../shared/api/bindings.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import type { OneWrite } from '../../write-once.ts'
import { bindWorker } from './bind-worker.ts'
import { moveOne } from './move-binding.ts'
import { assignTeam, putTeam, removeTeam } from './teams.service.ts'

type ProjectWrite = BindingOperation | TeamOperation

const kinds: ReadonlySet<string> = new Set<ProjectWrite['kind']>(['bind', 'submit-binding', 'leave-binding', 'remove-binding', 'assign-team', 'put-team', 'remove-team'])

export const isProjectWrite = (operation: { readonly kind: string }): operation is ProjectWrite => kinds.has(operation.kind)

/** A queued write of bindings or teams, under its key. */
export function projectWriteOf(context: ServiceContext, who: Who, operation: ProjectWrite): OneWrite<BindingReceipt> | OneWrite<TeamReceipt> {
  const { opId: key, ...content } = operation
  const write = { key, content }
  switch (operation.kind) {
    case 'bind':
      return { ...write, receipt: bindingReceipt, apply: (trx) => bindWorker(context, trx, who, operation.binding) }
    case 'submit-binding':
    case 'leave-binding':
    case 'remove-binding': {
      const { id, baseVersion } = operation
      const action = ({ 'submit-binding': 'submit', 'leave-binding': 'leave', 'remove-binding': 'remove' } as const)[operation.kind]
      return { ...write, receipt: bindingReceipt, apply: (trx) => moveOne(context, trx, who, { id, baseVersion, action, actor: 'own-unit', comment: '' }) }
    }
    case 'assign-team':
      return { ...write, receipt: bindingReceipt, apply: (trx) => assignTeam(context, trx, who, operation) }
    case 'put-team':
      return { ...write, receipt: teamReceipt, apply: (trx) => putTeam(context, trx, who, operation) }
    case 'remove-team':
      return { ...write, receipt: teamReceipt, apply: (trx) => removeTeam(context, trx, who, operation) }
  }
}
