import type { BridgeServices } from '../../../shared/contract/index.ts'
import { findCode } from '../../../shared/dictionaries/index.ts'
import { parseDate, shanghaiDate } from '../../../shared/domain/dates.ts'
import { checkIdCardNo } from '../../../shared/domain/id-card-no.ts'
import { longTerm } from '../../../shared/domain/table-validation.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { IdCardReader, RawIdCard } from '../id-card-reader/id-card-reader.ts'
import type { Clock } from '../ports.ts'

/** How long a driver may take, in ms. A card is read in one to two seconds. */
const patience = 10_000

/** Reads ID cards and believes nothing that contradicts itself: a reader's error must not make another person. */
export function createIdCardReaderService(reader: IdCardReader | undefined, clock: Clock): BridgeServices['idCardReader'] {
  return {
    state: () => ({ reader: reader ? { label: reader.label } : null }),
    read: async () => {
      if (!reader) throw new AppError('id-card-reader-missing')
      return checked(await inTime(reader), shanghaiDate(clock.now()))
    },
  }
}

async function inTime(reader: IdCardReader): Promise<RawIdCard> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('id-card-reader-failed')), patience)
  })
  try {
    return await Promise.race([reader.read(), late])
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('id-card-reader-failed')
  } finally {
    clearTimeout(timer)
  }
}

function checked(raw: RawIdCard, today: string): Awaited<ReturnType<BridgeServices['idCardReader']['read']>> {
  const number = checkIdCardNo(raw.idCardNo, today)
  const birthDate = parseDate(raw.birthDate)
  const contradicts = !number.ok || (number.birthDate !== null && number.birthDate !== birthDate) || (number.sex !== null && number.sex !== findCode('sex', raw.sex))
  if (contradicts) throw new AppError('id-card-unreadable')
  const validUntil = validityOf(raw.validUntil)
  if (validUntil !== '' && validUntil !== longTerm && validUntil < today) throw new AppError('id-card-expired', { validUntil })
  return { idCardNo: number.normalized, name: tidyText(raw.name), ethnicity: ethnicityOf(raw.ethnicity), address: tidyText(raw.address), validUntil }
}

/** The chip has 汉, the dictionary 汉族. */
function ethnicityOf(word: string): string {
  return findCode('ethnicity', word) ?? findCode('ethnicity', `${word}族`) ?? ''
}

function validityOf(text: string): string {
  return tidyText(text) === longTerm ? longTerm : (parseDate(text) ?? '')
}
