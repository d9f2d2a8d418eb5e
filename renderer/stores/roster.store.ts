import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { RosterKind, RosterRow } from '../../shared/contract/roster-rows.ts'
import type { ImportEntry, ImportMode, RosterState } from '../../shared/contract/roster.contract.ts'
import { attachmentChunkSize } from '../../shared/contract/attachment-chunk.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { readPart } from './prepared-file.ts'
import { useSessionStore } from './session.store.ts'

/** Rows asked for at once. */
const chunk = 100

/** 导入名册: where it is, and the part of the preview that is in sight. The host keeps the roster itself. */
export const useRosterStore = defineStore('roster', () => {
  const state = shallowRef<RosterState | null>(null)
  const imports = shallowRef<readonly ImportEntry[]>([])
  /** The import that the clerk is asked about before it is taken back. */
  const undoing = shallowRef<Pick<ImportEntry, 'id' | 'source' | 'created' | 'updated'> | null>(null)
  const photosToAdd = ref(false)
  /** The rows that are shown; null for all. */
  const kind = ref<RosterKind | null>(null)
  const total = ref(0)
  /** By their place among those shown. */
  const rows = shallowRef<ReadonlyMap<number, RosterRow>>(new Map())
  const asked = new Set<number>()
  let showing = 0

  function forgetRows(): void {
    showing++
    asked.clear()
    rows.value = new Map()
  }

  function take(next: RosterState): void {
    const before = state.value
    state.value = next
    const isAnother = next.phase === 'preview' && (before?.phase !== 'preview' || before.source !== next.source)
    if (isAnother) show(next.counts.error > 0 && next.counts.create + next.counts.update === 0 ? 'error' : null)
  }

  function show(wanted: RosterKind | null): void {
    kind.value = wanted
    const counts = state.value?.phase === 'preview' ? state.value.counts : { create: 0, update: 0, same: 0, error: 0 }
    total.value = wanted === null ? counts.create + counts.update + counts.same + counts.error : counts[wanted]
    forgetRows()
  }

  async function fetchChunk(at: number): Promise<void> {
    const mine = showing
    const answer = await bridge.roster.rows({ kind: kind.value, from: at * chunk, count: chunk })
    if (mine !== showing) return
    const next = new Map(rows.value)
    answer.rows.forEach((row, index) => next.set(at * chunk + index, row))
    rows.value = next
    total.value = answer.total
  }

  /** Fetches what is missing between these places. */
  async function fetchRows(from: number, to: number): Promise<void> {
    const missing: Promise<void>[] = []
    for (let at = Math.floor(from / chunk); at <= Math.floor(to / chunk); at++) {
      if (asked.has(at)) continue
      asked.add(at)
      missing.push(fetchChunk(at))
    }
    await Promise.all(missing)
  }

  async function edit(place: number, row: RosterRow, column: string, text: string): Promise<void> {
    const edited = await bridge.roster.edit({ index: row.index, column, text })
    rows.value = new Map(rows.value).set(place, edited)
    // Another row with the same number is right or wrong by it as well. Among some only, each stays in sight until they are chosen anew.
    if (kind.value === null) await Promise.all([...asked].map(fetchChunk))
  }

  /** A workbook that was dropped on the page. @throws AppError attachment-vanished, and as `choose`; nothing of it is left then */
  async function readFile(file: File): Promise<void> {
    take(await bridge.roster.beginFile({ name: file.name, size: file.size }))
    if (state.value?.phase !== 'reading') return
    try {
      for (let offset = 0; offset < file.size; ) {
        const piece = await readPart(file, offset, attachmentChunkSize)
        if (piece.length === 0) throw new AppError('attachment-vanished')
        offset = (await bridge.roster.addPiece({ offset, chunk: piece.toBase64() })).received
      }
      take(await bridge.roster.finishFile({}))
    } catch (error) {
      take(await bridge.roster.cancel({}))
      throw error
    }
  }

  const load = async () => take(await bridge.roster.state({}))
  const loadImports = async () => void (imports.value = (await bridge.roster.imports({})).entries)
  onHostEvent('roster', 'changed', take)
  onHostReconnected(() => {
    if (useSessionStore().phase === 'signed-in') load().catch(() => undefined)
  })

  return {
    state,
    phase: computed(() => state.value?.phase ?? null),
    imports,
    undoing,
    kind,
    total,
    rows,
    load,
    loadImports,
    show,
    fetchRows,
    edit,
    errorAfter: async (index: number) => (await bridge.roster.errorAfter({ index })).index,
    template: async () => (await bridge.roster.template({})).name,
    readFile,
    choose: async () => take(await bridge.roster.choose({})),
    cancel: async () => take(await bridge.roster.cancel({})),
    /** The window in which it was begun also adds the pictures of the rows: one of them must, and no two. */
    photosToAdd,
    commit: async (mode: ImportMode) => {
      photosToAdd.value = state.value?.phase === 'preview' && state.value.photos > 0
      take(await bridge.roster.commit({ mode }))
    },
    review: async () => take(await bridge.roster.review({})),
    resume: async (id: string) => {
      photosToAdd.value = state.value?.phase === 'written'
      take(await bridge.roster.resume({ id }))
    },
    rollBack: (id: string) => bridge.roster.rollBack({ id }),
    saveErrors: () => bridge.roster.saveErrors({}),
    exportColumns: async () => (await bridge.roster.exportColumns({})).columns,
    exportPeople: (input: Parameters<typeof bridge.roster.exportPeople>[0]) => bridge.roster.exportPeople(input),
    forget: () => {
      state.value = null
      imports.value = []
      undoing.value = null
      photosToAdd.value = false
      kind.value = null
      total.value = 0
      forgetRows()
    },
  }
})
