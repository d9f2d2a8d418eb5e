import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Attachment } from '../../shared/contract/attachments.contract.ts'
import { photoTypes } from '../../shared/domain/attachments.ts'
import type { AppError } from '../../shared/errors/app-error.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { toAppError } from '../bridge/failure.ts'
import { handOver, readContent } from './attachment-pieces.ts'
import { prepareFile } from './prepared-file.ts'

export type ExpiringProof = Awaited<ReturnType<typeof bridge.attachments.expiringProofs>>['items'][number]

/** A file that could not be added, and why. */
export interface NotAdded {
  readonly name: string
  readonly failure: AppError
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

  async function addOne(file: File, type: string, proofDate: string | null, recordId: string | null): Promise<void> {
    adding.value = { name: file.name, share: 0 }
    try {
      const prepared = await prepareFile(file, type)
      await handOver({ recordId, type, proofDate, file: prepared }, (bytes) => (adding.value = { name: file.name, share: bytes / prepared.size }))
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
    add: async (chosen: readonly File[], type: string, proofDate: string | null = null) => {
      const recordId = owner.value
      if (recordId === undefined) return
      notAdded.value = []
      queue = queue.then(async () => {
        for (const file of chosen) await addOne(file, type, proofDate, recordId)
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
    content: ({ id, mediaType }: Pick<Attachment, 'id' | 'mediaType'>) => readContent(id, mediaType),
    download: async (id: string) => (await bridge.attachments.download({ id })).saved,
    expiringProofs: async () => (await bridge.attachments.expiringProofs({})).items,
  }
})
