import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AttachmentResource } from '../../shared/api/attachments.ts'
import type { ReviewDecision } from '../../shared/domain/statuses.ts'
import { bridge } from '../bridge/bridge.ts'
import { readContent } from './attachment-pieces.ts'

type Pending = Awaited<ReturnType<typeof bridge.reviews.pending>>
export type PendingItem = Pending['items'][number]
export type Refusal = Awaited<ReturnType<typeof bridge.reviews.decide>>['results'][number]
type DecidedPage = Awaited<ReturnType<typeof bridge.reviews.decided>>
/** What was looked at: of the attachments nothing where it was decided from the list. */
type Decided = Pick<PendingItem, 'id' | 'version'> & { readonly attachmentsSeq?: number }

/** Nobody can decide on these any more. */
const over = new Set(['review-done', 'not-found'])

/** 登记审核: what waits, as far as it was asked for, and what of it is chosen. All of it comes from the central service and goes with the page. */
export const useReviewsStore = defineStore('reviews', () => {
  const query = ref('')
  const organizationId = ref<string | null>(null)
  const items = shallowRef<readonly PendingItem[]>([])
  const total = ref(0)
  const next = ref<string | null>(null)
  const organizations = shallowRef<Pending['organizations']>([])
  const approvesAutomatically = ref(false)
  const loaded = ref(false)
  const chosen = ref(new Set<string>())
  const decided = shallowRef<DecidedPage['items']>([])
  const moreDecided = ref<string | null>(null)
  let asked = 0

  const ask = (cursor: string | null) => bridge.reviews.pending({ query: query.value.trim(), organizationId: organizationId.value, cursor })

  /** From the first again; the newest question wins, whichever answer comes first. */
  async function load(): Promise<void> {
    const mine = ++asked
    const answer = await ask(null)
    if (mine !== asked) return
    take(answer, answer.items)
    organizations.value = answer.organizations
    approvesAutomatically.value = answer.approvesAutomatically
    loaded.value = true
  }

  async function loadMore(): Promise<void> {
    if (next.value === null) return
    const mine = ++asked
    const answer = await ask(next.value)
    if (mine !== asked) return
    const known = new Set(items.value.map(({ id }) => id))
    take(answer, [...items.value, ...answer.items.filter(({ id }) => !known.has(id))])
  }

  function take(answer: Pending, shown: readonly PendingItem[]) {
    items.value = shown
    total.value = answer.total
    next.value = answer.next
    const present = new Set(shown.map(({ id }) => id))
    chosen.value = new Set([...chosen.value].filter((id) => present.has(id)))
  }

  function drop(ids: ReadonlySet<string>) {
    const rest = items.value.filter(({ id }) => !ids.has(id))
    total.value -= items.value.length - rest.length
    items.value = rest
    chosen.value = new Set([...chosen.value].filter((id) => !ids.has(id)))
  }

  return {
    query,
    organizationId,
    items,
    total,
    next,
    organizations,
    approvesAutomatically,
    loaded,
    chosen,
    decided,
    moreDecided,
    chosenItems: computed(() => items.value.filter(({ id }) => chosen.value.has(id))),
    load,
    loadMore,
    loadDecided: async (more: boolean) => {
      const answer = await bridge.reviews.decided({ cursor: more ? moreDecided.value : null })
      decided.value = more ? [...decided.value, ...answer.items] : answer.items
      moreDecided.value = answer.next
    },
    choose: (id: string, wanted: boolean) => {
      const ids = new Set(chosen.value)
      if (wanted) ids.add(id)
      else ids.delete(id)
      chosen.value = ids
    },
    chooseAll: (wanted: boolean) => {
      chosen.value = new Set(wanted ? items.value.map(({ id }) => id) : [])
    },
    open: (id: string) => bridge.reviews.open({ id }),
    content: (id: string, { id: attachmentId, mediaType }: Pick<AttachmentResource, 'id' | 'mediaType'>) =>
      readContent(mediaType, (offset) => bridge.reviews.readAttachment({ id, attachmentId, offset })),
    download: async (id: string, { id: attachmentId }: Pick<AttachmentResource, 'id'>) => (await bridge.reviews.downloadAttachment({ id, attachmentId })).saved,
    /** @returns those that were not taken, with why; whatever nobody can decide on any more leaves the list */
    decide: async (decision: ReviewDecision, reason: string, registrations: readonly Decided[]): Promise<Refusal[]> => {
      const { results } = await bridge.reviews.decide({ decision, reason, registrations: registrations.map(({ id, version, attachmentsSeq = null }) => ({ id, version, attachmentsSeq })) })
      drop(new Set(results.filter(({ problem }) => !problem || over.has(problem.code)).map(({ id }) => id)))
      return results.filter(({ problem }) => problem)
    },
    forget: () => {
      asked++
      query.value = ''
      organizationId.value = null
      items.value = []
      decided.value = []
      moreDecided.value = null
      total.value = 0
      next.value = null
      organizations.value = []
      loaded.value = false
      chosen.value = new Set()
    },
  }
})
