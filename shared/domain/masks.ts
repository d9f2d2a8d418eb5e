/** Personal numbers as lists show them (PIPL arts. 6, 51): enough to recognise, too little to use. */

/** `310***********1234`; shorter or unfinished numbers keep at most three characters. */
export function maskIdCardNo(number: string): string {
  return number.length < 15 ? maskTail(number) : `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`
}

/** `138****5678` */
export function maskMobile(number: string): string {
  return number.length < 11 ? maskTail(number) : `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`
}

/** An address: its first three characters. */
export function maskText(text: string): string {
  return text === '' ? '' : `${[...text].slice(0, 3).join('')}***`
}

/** A birth date stands in the ID number: where that is masked, the year is all that is told. */
export function maskDate(date: string): string {
  return date === '' ? '' : `${date.slice(0, 4)}-**-**`
}

function maskTail(number: string): string {
  return number.slice(0, 3) + '*'.repeat(Math.max(0, number.length - 3))
}
