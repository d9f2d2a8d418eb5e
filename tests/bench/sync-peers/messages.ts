/** What the bench asks of the program on a client's side; each is answered once it is over. */
export type Ask =
  /** A new store with this many documents that nobody has told the other side of. `from` is the first one's number. */
  | { readonly kind: 'fill'; readonly run: Run; readonly from: number; readonly count: number }
  /** Until the other side has confirmed them all and the store says so. */
  | { readonly kind: 'push'; readonly run: Run }
  /** Into an empty store of another machine, until all of them are there. */
  | { readonly kind: 'pull'; readonly run: Run; readonly count: number }
  /** One more document from the first machine to the second, each asked to exchange once; as often as said. */
  | { readonly kind: 'one-by-one'; readonly run: Run; readonly from: number; readonly times: number }
  /** Both stores are closed. */
  | { readonly kind: 'close' }

export interface Run {
  readonly folder: string
  readonly url: string
  readonly organizationId: string
  readonly username: string
  readonly password: string
}

/** `took`: ms, one for each thing that was measured. */
export type Answer = { readonly kind: 'ready' } | { readonly kind: 'done'; readonly took: number[] } | { readonly kind: 'failed'; readonly message: string }
