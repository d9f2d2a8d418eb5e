import type * as v from 'valibot'
import type { ErrorCode } from '../errors/codes.ts'

type Schema = v.GenericSchema<unknown, unknown>

export interface MethodSpec<I extends Schema = Schema, O extends Schema = Schema> {
  readonly input: I
  readonly output: O
  /** The codes this call may answer with besides the ones any call may (`call-*`, `internal`). */
  readonly errors: readonly ErrorCode[]
}

export interface GroupSpec {
  readonly methods: Readonly<Record<string, MethodSpec>>
  readonly events: Readonly<Record<string, Schema>>
}

export type Contract = Readonly<Record<string, GroupSpec>>

/** Declares one call of a contract. Names, types and channels all derive from where it stands. */
export const method = <I extends Schema, O extends Schema>(
  input: I,
  output: O,
  errors: readonly ErrorCode[] = [],
): MethodSpec<I, O> => ({ input, output, errors })

/** What a caller passes and gets. */
export type Client<C extends Contract> = {
  readonly [G in keyof C]: {
    readonly [M in keyof C[G]['methods']]: (
      input: v.InferInput<C[G]['methods'][M]['input']>,
    ) => Promise<v.InferOutput<C[G]['methods'][M]['output']>>
  }
}

/** What a service implements: input already validated, failures thrown as AppError. */
export type Services<C extends Contract> = {
  readonly [G in keyof C]: {
    readonly [M in keyof C[G]['methods']]: (
      input: v.InferOutput<C[G]['methods'][M]['input']>,
    ) => Promise<v.InferInput<C[G]['methods'][M]['output']>> | v.InferInput<C[G]['methods'][M]['output']>
  }
}

export type EventData<C extends Contract, G extends keyof C, E extends keyof C[G]['events']> = v.InferOutput<
  C[G]['events'][E]
>

export type Emit<C extends Contract> = <G extends keyof C & string, E extends keyof C[G]['events'] & string>(
  group: G,
  event: E,
  data: EventData<C, G, E>,
) => void
