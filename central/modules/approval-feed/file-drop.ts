import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeedAdapter, FeedBatch } from './feed-adapter.ts'
import { readWorkbook, type DropContent } from './workbook-drop.ts'

/** Bytes. A year of all projects of the city is less. */
const largest = 64 * 2 ** 20

/** Folders beside the files, for those that have been dealt with. */
export const takenFolder = 'taken'
export const unreadableFolder = 'unreadable'

/**
 * A folder in which files are left: `*.json` and `*.xlsx`, in the order of their names. One that has been taken is moved away and never deleted; where it
 * could not be moved it comes again, and its records with it, which changes nothing. Whoever writes a file gives it its name when it is whole.
 */
export function fileDrop(folder: string): FeedAdapter {
  return {
    source: 'file',
    next: async () => {
      const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile() && /^[^.~].*\.(json|xlsx)$/i.test(entry.name)).map(({ name }) => name)
      const [name] = names.sort()
      return name === undefined ? null : readDrop(folder, name)
    },
  }
}

async function readDrop(folder: string, name: string): Promise<FeedBatch> {
  const content = await readContent(join(folder, name))
  const moveTo = 'deliveries' in content ? takenFolder : unreadableFolder
  return {
    ...('deliveries' in content ? { deliveries: content.deliveries, unreadable: null } : { deliveries: [], unreadable: content.unreadable }),
    cursor: name,
    done: async () => {
      await mkdir(join(folder, moveTo), { recursive: true })
      // Where several processes look, one of them has moved it.
      await rename(join(folder, name), join(folder, moveTo, await freeName(join(folder, moveTo), name))).catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== 'ENOENT') throw error
      })
    },
  }
}

/** A file of the same name may have come before: both stay. */
async function freeName(folder: string, name: string): Promise<string> {
  const taken = new Set(await readdir(folder))
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${number}-${name}`
    if (!taken.has(candidate)) return candidate
  }
}

async function readContent(path: string): Promise<DropContent> {
  if ((await stat(path)).size > largest) return { unreadable: 'too-large' }
  const bytes = await readFile(path)
  return /\.xlsx$/i.test(path) ? readWorkbook(bytes) : readJson(bytes.toString('utf8'))
}

function readJson(text: string): DropContent {
  let content: unknown
  try {
    // Some programs begin every file with a mark that JSON does not know.
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { unreadable: 'not-json' }
  }
  const records = Array.isArray(content) ? content : typeof content === 'object' && content !== null && 'records' in content ? content.records : null
  return Array.isArray(records) ? { deliveries: records as unknown[] } : { unreadable: 'no-records' }
}
