import type { SelfPhoto } from '../../shared/domain/self-registration.ts'
import { isExpired } from './kept-draft.ts'

/** The photos of a draft, as long as its texts: too large for where those are. Where the phone has no such store they are kept in memory alone. */
interface KeptPhoto {
  readonly blob: Blob
  readonly savedAt: number
}

const table = 'photos'
const keyOf = (code: string, photo: SelfPhoto) => `${code}/${photo}`

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('store'))
  })

async function withTable<T>(mode: IDBTransactionMode, use: (photos: IDBObjectStore) => Promise<T>): Promise<T | undefined> {
  let database: IDBDatabase | undefined
  try {
    const opening = indexedDB.open('worker-page', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(table)
    database = await settled(opening)
    return await use(database.transaction(table, mode).objectStore(table))
  } catch {
    // Private windows and some webviews have none: the photo stays in the page's memory.
    return undefined
  } finally {
    database?.close()
  }
}

export async function keepPhoto(code: string, photo: SelfPhoto, blob: Blob, now: number): Promise<void> {
  await withTable('readwrite', (photos) => settled(photos.put({ blob, savedAt: now } satisfies KeptPhoto, keyOf(code, photo))))
}

export async function readPhoto(code: string, photo: SelfPhoto, now: number): Promise<Blob | null> {
  const found = await withTable('readonly', (photos) => settled(photos.get(keyOf(code, photo)) as IDBRequest<KeptPhoto | undefined>))
  return found && found.blob instanceof Blob && !isExpired(found.savedAt, now) ? found.blob : null
}

export async function dropPhoto(code: string, photo: SelfPhoto): Promise<void> {
  await withTable('readwrite', (photos) => settled(photos.delete(keyOf(code, photo))))
}

export async function dropExpiredPhotos(now: number): Promise<void> {
  await withTable('readwrite', async (photos) => {
    for (const key of await settled(photos.getAllKeys())) {
      const found = await settled(photos.get(key) as IDBRequest<KeptPhoto | undefined>)
      if (!found || isExpired(found.savedAt, now)) await settled(photos.delete(key))
    }
  })
}
