import { onBeforeUnmount, reactive } from 'vue'

export interface Pictures {
  /** By key: its address, '' while it comes, null where it could not be had. */
  readonly addresses: Readonly<Record<string, string | null>>
  /** Reads it, anew where it was there. */
  show(key: string, read: () => Promise<Blob>): Promise<void>
  forgetAllBut(keys: readonly string[]): void
}

/** Pictures of people, in the page's memory: they go with whatever shows them. */
export function usePictures(): Pictures {
  const addresses = reactive<Record<string, string | null>>({})

  async function show(key: string, read: () => Promise<Blob>): Promise<void> {
    forget(key)
    addresses[key] = ''
    const address = await read().then(URL.createObjectURL, () => null)
    // Forgotten meanwhile, or here already by another reading.
    if (addresses[key] !== '') return void (address && URL.revokeObjectURL(address))
    addresses[key] = address
  }

  function forget(key: string): void {
    const address = addresses[key]
    if (address) URL.revokeObjectURL(address)
    delete addresses[key]
  }
  function forgetAllBut(keys: readonly string[]): void {
    for (const key of Object.keys(addresses)) if (!keys.includes(key)) forget(key)
  }
  onBeforeUnmount(() => forgetAllBut([]))
  return { addresses, show, forgetAllBut }
}
