/** A way by which records of the 建设程序审批系统 come in. What an adapter brings is believed to be whole and nothing else: every record is checked where it is applied. */
export interface FeedAdapter {
  /** Its name in the log and beside its cursor. */
  readonly source: string
  /**
   * What comes after `cursor`; null where there is nothing now. Asked again with the same cursor it brings the same again, or more.
   * @throws Error where it cannot be reached; nothing has been taken then
   */
  next(cursor: string | null): Promise<FeedBatch | null>
}

export interface FeedBatch {
  readonly deliveries: readonly unknown[]
  /** Why nothing in it could be read, in a word for the log; null where it could. */
  readonly unreadable: string | null
  readonly cursor: string
  /** Called once everything in it has been applied or refused. */
  done(): Promise<void>
}
