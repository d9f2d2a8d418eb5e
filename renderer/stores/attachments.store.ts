import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Attachment } from '../../shared/contract/attachments.contract.ts'
import { photoTypes } from '../../shared/domain/attachments.ts'
import type { AppError } from '../../shared/errors/app-error.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { toAppError } from '../bridge/failure.ts'
import { handOver, readContent } from './attachment-pieces.ts'
import { prepareFile, readPart } from './prepared-file.ts'

export type ExpiringProof = Awaited<ReturnType<typeof bridge.attachments.expiringProofs>>['items'][number]

/** A file that could not be added, and why. */
export interface NotAdded {
  readonly name: string
  readonly failure: AppError
}

/** What a photo was made from, for as long as its form is open: editing it anew begins there and not with what a JPEG has left of it. */
export interface Original {
  readonly file: Blob
  /** How far it was turned since, in degrees. */
  readonly turned: number
}

interface Adding {
  readonly type: string
  readonly proofDate: string | null
  readonly recordId: string | null
  readonly original: Original | undefined
}

/** So long 撤销 is shown, in ms; the host waits a little longer before it carries the 删除 out. */
const undoFor = 10_000

/** 人员相片 and 附件 of the registration whose form is open. */
export const useAttachmentsStore = defineStore('attachments', () => {
  /** undefined: none is open; null: the unit's own. */
  const owner = ref<string | null | undefined>(undefined)
  const items = shallowRef<readonly Attachment[]>([])
  const registered = ref(true)
  const loaded = ref(false)
  const failure = shallowRef<AppError | null>(null)
  /** Bytes a second of each that is being uploaded. */
  const speeds = shallowRef<Readonly<Record<string, number>>>({})
  /** The file that is being read in. */
  const adding = shallowRef<{ readonly name: string; readonly share: number } | null>(null)
  const notAdded = shallowRef<readonly NotAdded[]>([])
  const removed = shallowRef<Pick<Attachment, 'id' | 'name'> | null>(null)
  const originals = new Map<string, Original>()
  const listeners = new Set<() => void>()
  let undoTimer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let queue: Promise<unknown> = Promise.resolve()

  const photos = computed(() => items.value.filter(({ type }) => photoTypes.includes(type)))
  const files = computed(() => items.value.filter(({ type }) => !photoTypes.includes(type)))

  async function load(): Promise<void> {
    const recordId = owner.value
    if (recordId === undefined) return
    const mine = ++asked
    try {
      const answer = await bridge.attachments.list({ recordId })
      if (mine !== asked) return
      items.value = answer.items
      registered.value = answer.registered
      loaded.value = true
      failure.value = null
    } catch (error) {
      if (mine === asked) failure.value = toAppError(error)
    }
  }

  async function addOne(file: File, { type, proofDate, recordId, original }: Adding): Promise<void> {
    adding.value = { name: file.name, share: 0 }
    try {
      const prepared = await prepareFile(file, type)
      const { id } = await handOver({ recordId, type, proofDate, file: prepared }, (bytes) => (adding.value = { name: file.name, share: bytes / prepared.size }))
      if (photoTypes.includes(type) && recordId === owner.value) originals.set(id, original ?? { file, turned: 0 })
    } catch (error) {
      notAdded.value = [...notAdded.value, { name: file.name, failure: toAppError(error) }]
    } finally {
      adding.value = null
    }
  }

  async function told(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      failure.value = toAppError(error)
    }
  }

  onHostEvent('attachments', 'changed', ({ recordId }) => {
    if (recordId === owner.value) void load()
    for (const listener of listeners) listener()
  })
  onHostEvent('attachments', 'progress', ({ id, recordId, sent, bytesPerSecond }) => {
    if (recordId !== owner.value) return
    speeds.value = { ...speeds.value, [id]: bytesPerSecond }
    items.value = items.value.map((item) => (item.id === id && item.state === 'uploading' ? { ...item, sent } : item))
  })
  onHostReconnected(() => void load())

  function forget(): void {
    clearTimeout(undoTimer)
    asked++
    owner.value = undefined
    items.value = []
    originals.clear()
    loaded.value = false
    failure.value = null
    speeds.value = {}
    notAdded.value = []
    removed.value = null
  }

  return {
    items,
    photos,
    files,
    registered,
    loaded,
    failure,
    speeds,
    adding,
    notAdded,
    removed,
    load,
    open: async (recordId: string | null) => {
      forget()
      owner.value = recordId
      await load()
    },
    close: forget,
    forget,
    /** One after another; those that cannot be added stand in `notAdded` with their sentence. */
    add: async (chosen: readonly File[], type: string, { proofDate = null, original }: { proofDate?: string | null; original?: Original } = {}) => {
      const recordId = owner.value
      if (recordId === undefined) return
      notAdded.value = []
      queue = queue.then(async () => {
        for (const file of chosen) await addOne(file, { type, proofDate, recordId, original })
      })
      await queue
      await load()
    },
    dismissNotAdded: () => {
      notAdded.value = []
    },
    remove: ({ id, name }: Pick<Attachment, 'id' | 'name'>) =>
      told(async () => {
        await bridge.attachments.remove({ id })
        removed.value = { id, name }
        clearTimeout(undoTimer)
        undoTimer = setTimeout(() => (removed.value = null), undoFor)
      }),
    undo: () =>
      told(async () => {
        const { id } = removed.value ?? {}
        removed.value = null
        if (id !== undefined) await bridge.attachments.restore({ id })
      }),
    /** @param id absent for all of them */
    start: async (id: string | null = null) => {
      if (owner.value !== undefined) await bridge.attachments.startUpload({ recordId: owner.value, id })
    },
    pause: async (id: string | null = null) => {
      if (owner.value !== undefined) await bridge.attachments.pauseUpload({ recordId: owner.value, id })
    },
    /** Told after attachments of anybody changed. @returns ends it */
    whenChanged: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** undefined where it was moved or deleted since, or came from elsewhere. */
    originalOf: async (id: string) => {
      const original = originals.get(id)
      return original && readPart(original.file, 0, 1).then(() => original, () => undefined)
    },
    content: ({ id, mediaType }: Pick<Attachment, 'id' | 'mediaType'>) => readContent(mediaType, (offset) => bridge.attachments.read({ id, offset })),
    download: async (id: string) => (await bridge.attachments.download({ id })).saved,
    expiringProofs: async () => (await bridge.attachments.expiringProofs({})).items,
  }
})
