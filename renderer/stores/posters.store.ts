import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PosterItem, PosterRefusal } from '../../shared/contract/posters.contract.ts'
import type { ProjectView } from '../../shared/contract/projects.contract.ts'
import { mostPosters } from '../../shared/domain/poster-code.ts'
import type { PosterPaper } from '../../shared/domain/poster-paper.ts'
import { bridge } from '../bridge/bridge.ts'
import { readContent } from './attachment-pieces.ts'

/** Posters as the host has made them, one document. */
export interface PreparedPosters {
  /** Null: there is none of these projects. */
  readonly documentId: string | null
  readonly items: readonly PosterItem[]
  readonly refused: readonly PosterRefusal[]
  readonly pdf: Blob | null
}

/** Nothing new is put up for a project that has ended. */
export const mayHavePoster = ({ status, closure }: Pick<ProjectView, 'status' | 'closure'>): boolean => status === 'active' && closure === null

/** 项目二维码: which projects were ticked, on whatever page of the list, and what the host makes of them. */
export const usePostersStore = defineStore('posters', () => {
  const ticked = shallowRef<ReadonlyMap<string, ProjectView>>(new Map())
  /** As it was chosen last. */
  const paper = ref<PosterPaper>('A4')

  function tick(projects: readonly ProjectView[], on: boolean): void {
    if (!on) return untick(projects.map(({ id }) => id))
    const next = new Map(ticked.value)
    for (const project of projects) if (next.size < mostPosters && mayHavePoster(project)) next.set(project.id, project)
    ticked.value = next
  }

  function untick(ids: readonly string[]): void {
    const next = new Map(ticked.value)
    for (const id of ids) next.delete(id)
    ticked.value = next
  }

  async function prepare(projectIds: readonly string[], evenStopped = false): Promise<PreparedPosters> {
    const { documentId, items, refused } = await bridge.posters.prepare({ projectIds: [...projectIds], paper: paper.value, evenStopped })
    const pdf = documentId === null ? null : await readContent('application/pdf', (offset) => bridge.posters.read({ documentId, as: 'pdf', offset }))
    return { documentId, items, refused, pdf }
  }

  return {
    ticked,
    paper,
    tick,
    untick,
    chosen: computed(() => [...ticked.value.values()]),
    prepare,
    /** The same sheets as HTML, for printing. */
    sheets: async (documentId: string) => (await readContent('text/html', (offset) => bridge.posters.read({ documentId, as: 'html', offset }))).text(),
    save: (documentId: string) => bridge.posters.save({ documentId }),
    reissue: ({ projectId, code }: PosterItem) => bridge.posters.reissue({ projectId, code }),
    revoke: ({ projectId, code }: PosterItem) => bridge.posters.revoke({ projectId, code }),
    forget: () => {
      ticked.value = new Map()
      paper.value = 'A4'
    },
  }
})
