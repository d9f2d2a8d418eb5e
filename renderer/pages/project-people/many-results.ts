import type { BindingResult, BindingRow } from '../../../shared/contract/bindings.contract.ts'

/** What became of many at once: shown where not all went well. */
export interface ManyResults {
  /** 提交, 加入项目 … */
  readonly what: string
  readonly results: readonly BindingResult[]
  readonly names: ReadonlyMap<string, string>
}

/** Says what became of many: in a line where all went well, of each who did not otherwise. */
export type TellResults = (what: string, results: readonly BindingResult[], names: ReadonlyMap<string, string>) => void

/** 退场 of somebody who was approved, or 移出项目 of somebody who was not. */
export interface Ending {
  readonly row: BindingRow
  readonly action: 'leave' | 'remove'
}
