/** What a reader's driver tells, in the words of the card: 男, 汉, 20200101, 长期. */
export interface RawIdCard {
  readonly name: string
  readonly sex: string
  readonly ethnicity: string
  readonly birthDate: string
  readonly address: string
  readonly idCardNo: string
  readonly validUntil: string
}

/**
 * A reader of ID cards. Each make has its own library; a driver hides it behind this, and what it tells is checked by the
 * service, not by the driver.
 */
export interface IdCardReader {
  /** As the clerk knows it. */
  readonly label: string
  /** The card that lies there now. @throws AppError id-card-reader-missing, id-card-reader-failed, id-card-none, id-card-unreadable */
  read(): Promise<RawIdCard>
}
