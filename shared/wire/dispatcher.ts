import * as v from 'valibot'
import { AppError } from '../errors/app-error.ts'
import type { Contract, Emit, Services } from './contract.ts'
import { listForObject } from './lists.ts'
import type { Reply, Transport } from './transport.ts'

const callFrame = v.strictObject({
  kind: v.literal('call'),
  id: v.pipe(v.number(), v.safeInteger()),
  method: v.pipe(v.string(), v.maxLength(100)),
  input: v.unknown(),
})

export interface Dispatcher<C extends Contract> {
  /** Answers one call. Never throws: a failure is a reply. */
  dispatch(method: string, input: unknown): Promise<Reply>
  emit: Emit<C>
  /** Serves calls that arrive on a transport and forwards events to it until it closes. */
  attach(transport: Transport): void
}

/**
 * Checks every call against the contract, runs the service and turns whatever happens into a reply.
 * `report` receives what was not foreseen; nothing of it reaches the caller but the code `internal`.
 */
export function createDispatcher<C extends Contract>(
  contract: C,
  services: Services<C>,
  report: (error: unknown, method: string) => void,
): Dispatcher<C> {
  const sinks = new Set<Transport>()

  async function dispatch(method: string, input: unknown): Promise<Reply> {
    const spec = findMethod(contract, method)
    if (!spec) return refusal(new AppError('call-unknown', { method }))
    const parsed = v.safeParse(spec.input, input)
    if (!parsed.success) return refusal(new AppError('call-invalid', { method, fields: issuePaths(parsed.issues) }))
    const list = listForObject(input, parsed.output)
    if (list !== undefined) return refusal(new AppError('call-invalid', { method, fields: [list] }))
    const [group, name] = method.split('.') as [string, string]
    try {
      const handler = (services[group] as Record<string, (input: unknown) => unknown>)[name]
      if (!handler) throw new Error(`no handler for ${method}`)
      return { ok: true, value: v.parse(spec.output, await handler(parsed.output)) }
    } catch (error) {
      if (error instanceof AppError) return refusal(error)
      report(error, method)
      return refusal(new AppError('internal'))
    }
  }

  return {
    dispatch,
    emit: (group, event, data) => {
      const schema = contract[group]?.events[event]
      if (!schema) throw new Error(`no event ${group}.${event}`)
      const checked = v.parse(schema, data)
      for (const sink of sinks) sink.send({ kind: 'event', name: `${group}.${event}`, data: checked })
    },
    attach: (transport) => {
      sinks.add(transport)
      transport.onClose(() => sinks.delete(transport))
      transport.onFrame((frame) => {
        const call = v.safeParse(callFrame, frame)
        if (!call.success) return transport.close()
        const { id, method, input } = call.output
        dispatch(method, input)
          .then((reply) => {
            if (sinks.has(transport)) transport.send({ kind: 'reply', id, reply })
          })
          .catch((error: unknown) => report(error, method))
      })
    },
  }
}

function findMethod(contract: Contract, method: string) {
  const [group, name, ...rest] = method.split('.')
  if (!group || !name || rest.length > 0) return undefined
  if (!Object.hasOwn(contract, group)) return undefined
  const methods = contract[group]?.methods
  return methods && Object.hasOwn(methods, name) ? methods[name] : undefined
}

function refusal(error: AppError): Reply {
  return { ok: false, error: error.toWire() }
}

/** Only where it is wrong, never the value: values may be personal. */
function issuePaths(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return [...new Set(issues.map((issue) => v.getDotPath(issue) ?? ''))].slice(0, 20)
}
