/** Of a new password, in the characters that a form counts. Longer ones no sign-in would take. */
export const passwordLength = { min: 8, max: 200 } as const

/** What is wrong with a new password, whoever sets it; undefined where nothing is. */
export function newPasswordProblem(password: string): 'password-too-short' | 'password-too-long' | undefined {
  if (password.length < passwordLength.min) return 'password-too-short'
  return password.length > passwordLength.max ? 'password-too-long' : undefined
}
