/** A line of the list: two pictures by their paths within the folder. */
export interface Pair {
  readonly a: string
  readonly b: string
  readonly same: boolean
}

/** What is wrong with what was given, said in both languages. */
export class EvaluationError extends Error {
  constructor(chinese: string, english: string) {
    super(`${chinese}\n${english}`)
  }
}

const yes = ['1', 'true', 'yes', '是', '同一人']
const no = ['0', 'false', 'no', '否', '不同人']

/**
 * Reads a CSV with the columns a, b and same, in any order and with others beside them.
 * @throws EvaluationError that names the line
 */
export function parsePairs(text: string): Pair[] {
  const [head, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/).map((line, index) => ({ number: index + 1, line })).filter(({ line }) => line.trim() !== '')
  const columns = cells(head?.line ?? '').map((name) => name.toLowerCase())
  const place = (name: string) => {
    const found = columns.indexOf(name)
    if (found < 0) throw new EvaluationError(`图片对文件的第一行应有 a、b、same 三列，缺少 ${name}。`, `The first line of the pairs file names the columns a, b and same; ${name} is missing.`)
    return found
  }
  const [a, b, same] = [place('a'), place('b'), place('same')]
  const pairs = lines.map(({ number, line }): Pair => {
    const row = cells(line)
    const word = (row[same] ?? '').toLowerCase()
    if (!row[a] || !row[b]) throw new EvaluationError(`图片对文件第 ${number} 行缺少图片路径。`, `Line ${number} of the pairs file lacks the path of a picture.`)
    if (!yes.includes(word) && !no.includes(word)) {
      throw new EvaluationError(`图片对文件第 ${number} 行的 same 应为 1（同一人）或 0（不同人）。`, `Line ${number} of the pairs file: same is 1 (one person) or 0 (different people).`)
    }
    return { a: row[a], b: row[b], same: yes.includes(word) }
  })
  for (const [kind, chinese, english] of [[true, '同一人', 'of one person'], [false, '不同人', 'of different people']] as const) {
    if (!pairs.some(({ same: one }) => one === kind)) throw new EvaluationError(`图片对文件里没有${chinese}的图片对，无法计算错误率。`, `The pairs file has no pairs ${english}: there is nothing to compute rates from.`)
  }
  return pairs
}

/** The pictures of a list, each once, in its order. */
export const picturesOf = (pairs: readonly Pair[]): string[] => [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]

/** Quotes hold commas, and two of them one quote, as spreadsheets write it. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = '']) => (quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"')))
}
