import type { Frame } from '../../shared/wire/transport.ts'

/** Where a process dies: right before or right after its so-manieth commit from now, counted from 1. */
export interface CrashPoint {
  readonly when: 'before' | 'after'
  readonly commits: number
}

/** To a workstation's process. */
export type ToWorkstation =
  | { readonly kind: 'open'; readonly data: string; readonly resources: string; readonly centralUrl: string; readonly ahead: number }
  | { readonly kind: 'ahead'; readonly milliseconds: number }
  | { readonly kind: 'die'; readonly point: CrashPoint }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'close' }

export type FromWorkstation =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** What the host logged as an error: nothing here should lead to one. */
  | { readonly kind: 'fault'; readonly message: string }

/** To the central service's process. */
export type ToCentral = { readonly kind: 'open'; readonly env: Readonly<Record<string, string>> } | { readonly kind: 'die'; readonly point: CrashPoint }

export type FromCentral = { readonly kind: 'loaded' } | { readonly kind: 'opened'; readonly url: string } | { readonly kind: 'fault'; readonly message: string }
