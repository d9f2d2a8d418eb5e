/** Of a new password, in the characters that a form counts. Longer ones no sign-in would take. */
export const passwordLength = { min: 8, max: 200 } as const

/** What a new password is refused for. */
export const newPasswordProblems = [
  'password-too-short', 'password-too-long', 'password-blank-ends', 'password-has-username', 'password-repeats', 'password-runs', 'password-common',
] as const
export type NewPasswordProblem = (typeof newPasswordProblems)[number]

/** What is wrong with a new password, whoever sets it; undefined where nothing is. One that is in use already is never asked. */
export function newPasswordProblem(password: string, username: string): NewPasswordProblem | undefined {
  if (password.trim() !== password) return 'password-blank-ends'
  if (password.length < passwordLength.min) return 'password-too-short'
  if (password.length > passwordLength.max) return 'password-too-long'
  const typed = alike(password)
  if (namesUser(typed, alike(username))) return 'password-has-username'
  if (/^(.{1,4}?)\1+$/su.test(typed)) return 'password-repeats'
  if (runs.some((run) => run.includes(typed))) return 'password-runs'
  return common.has(typed) ? 'password-common' : undefined
}

/** Full-width letters and capitals make no guess harder. */
const alike = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** A user name of one or two letters stands in half of all words. */
const shortestNameWithin = 3

function namesUser(password: string, username: string): boolean {
  if (username === '') return false
  return username.includes(password) || (username.length >= shortestNameWithin && password.includes(username))
}

const rows = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/', '1q2w3e4r5t6y7u8i9o0p']
/** What fingers find beside one another, in either direction. */
const runs = rows.flatMap((row) => [row, [...row].reverse().join('')])

/** Those that everybody tries first, here and in this country. */
const common = new Set([
  'password1', 'password01', 'password12', 'password123', 'passw0rd', 'p@ssw0rd', 'p@ssword', 'password', 'password!', 'password@123',
  'admin123', 'admin888', 'admin666', 'admin1234', 'admin12345', 'admin123456', 'admin@123', 'administrator', 'root1234', 'root123456', 'test1234', 'test123456', 'guest123',
  'a1234567', 'a12345678', 'a123456789', 'aa123456', 'aa12345678', 'ab123456', 'abc12345', 'abc123456', 'abcd1234', 'abcd12345', 'abcde12345', 'qq123456', 'qq12345678', 'zz123456',
  '1234567a', '12345678a', '123456789a', '123456aa', '123456ab', '123456abc', '12345abc', '1234abcd', '123456qq', '1234qwer', '123qweasd', '123qwe123', 'q1w2e3r4', 'qwer1234', 'qwerty123', 'qwerty12',
  'qazwsx123', 'qazwsxedc', '1qazxsw2', 'asdf1234', 'zxcvbnm123', '1qaz@wsx', '!qaz2wsx', 'qwe123456', 'asd123456', 'zxc123456',
  '11223344', '1122334455', '12344321', '123454321', '1234567890a', '11112222', '00001111', '12121212', '147258369', '741852963', '159357456', '987654321a', '110120119', '13145200', '31415926', '520131400', '5201314520', '52013141', '1314520520', '88888888a',
  'iloveyou', 'iloveyou1', 'woaini123', 'woaini520', 'woaini1314', 'woaini521', 'woaiwojia', 'wodemima', 'mima1234', 'mima123456', 'nihao123', 'welcome1', 'welcome123', 'letmein1', 'sunshine', 'princess', 'football', 'baseball', 'computer', 'internet', 'changeme', 'changeme1', 'default1',
  'shiming123', 'gongdi123', 'zhongguo', 'china123', 'huawei123', 'xiushan123', 'xiushan1234', 'xiushan123456',
])
