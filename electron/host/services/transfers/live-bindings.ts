/** A binding to a project that has not ended. */
export interface LiveBinding {
  readonly filingNo: string
  readonly name: string
}

/**
 * What ends with a registration, for the dialog to say before 离职迁出. The one thing that 离职迁出 asks of the bindings here; the central
 * service ends them itself (`central/modules/bindings/end-bindings.ts`).
 */
export type LiveBindings = (registrationId: string) => Promise<readonly LiveBinding[]>
