import { readFile, stat } from 'node:fs/promises'
import { UnusableAnswer } from './unusable-answer.ts'

interface Limits {
  /** Bytes. */
  readonly limit: number
  /** Milliseconds, from the call to the last byte. */
  readonly deadline: number
}

/**
 * What an address of the operator answers. It is followed nowhere else: a redirect could lead into the operator's own
 * network.
 * @param question posted where there is one
 * @throws UnusableAnswer
 */
export async function fetchAnswer(url: string, { limit, deadline }: Limits, question?: { readonly type: string; readonly body: Uint8Array<ArrayBuffer> }): Promise<Buffer> {
  const posted = question ? { method: 'POST', headers: { 'content-type': question.type }, body: question.body } : {}
  try {
    const response = await fetch(url, { ...posted, redirect: 'error', signal: AbortSignal.timeout(deadline) })
    if (response.status !== 200 || !response.body) throw new UnusableAnswer(`status ${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body) {
      size += chunk.length
      // Leaving the loop closes the connection.
      if (size > limit) throw new UnusableAnswer(`more than ${limit} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof UnusableAnswer) throw error
    throw new UnusableAnswer(describe(error), { cause: error })
  }
}

/** @throws UnusableAnswer */
export async function readAnswerFile(path: string, limit: number): Promise<Buffer> {
  try {
    // Before it is opened: opening a pipe waits for whoever writes into it.
    const found = await stat(path)
    if (!found.isFile() || found.size > limit) throw new UnusableAnswer(`not a file of at most ${limit} bytes`)
    return await readFile(path)
  } catch (error) {
    if (error instanceof UnusableAnswer) throw error
    throw new UnusableAnswer(describe(error), { cause: error })
  }
}

/** Code or name; the message would quote the address. */
function describe(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  if (cause instanceof Error) return describe(cause)
  return String(name)
}
