import { AppError } from '../../shared/errors/app-error.ts'
import { faceAssets, type FaceAssetName } from './face-assets.ts'

/**
 * A file of face-assets.ts, exactly as the list says.
 * @param folder address of the folder that they are served from, with a slash at its end
 * @throws AppError face-model-missing, face-model-damaged
 */
export async function fetchFaceAsset(folder: string, name: FaceAssetName): Promise<ArrayBuffer> {
  const bytes = await fetchBytes(new URL(name, folder), name)
  const listed = faceAssets.find((asset) => asset.name === name)
  if (bytes.byteLength !== listed?.bytes || (await sha256(bytes)) !== listed.sha256) throw new AppError('face-model-damaged', { file: name })
  return bytes
}

export type FaceAssetBytes = Readonly<Record<FaceAssetName, Promise<ArrayBuffer>>>

/** All of them at once: they are on the way while the first of them is put to use. What goes wrong is told where each is awaited. */
export function fetchFaceAssets(folder: string): FaceAssetBytes {
  const files = faceAssets.map(({ name }) => [name, fetchFaceAsset(folder, name)] as const)
  for (const [, bytes] of files) bytes.catch(() => undefined)
  return Object.fromEntries(files) as FaceAssetBytes
}

async function fetchBytes(address: URL, name: string): Promise<ArrayBuffer> {
  try {
    const answer = await fetch(address, { credentials: 'same-origin' })
    if (!answer.ok) throw new AppError('face-model-missing', { file: name })
    return await answer.arrayBuffer()
  } catch (error) {
    // What `fetch` throws where nobody answers.
    if (error instanceof TypeError) throw new AppError('face-model-missing', { file: name }, { cause: error })
    throw error
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
