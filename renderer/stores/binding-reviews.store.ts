import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AttachmentResource } from '../../shared/api/attachments.ts'
import type { ReviewedPerson, ReviewedProject, ReviewedStatus } from '../../shared/api/binding-reviews.ts'
import { mostBindingDecisions } from '../../shared/api/binding-reviews.ts'
import type { ProjectStatus } from '../../shared/domain/project.ts'
import type { PersonType, ReviewDecision } from '../../shared/domain/statuses.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { readContent } from './attachment-pieces.ts'

export const reviewedProjectPageSize = 15
export const peoplePageSizes = [20, 50, 100] as const
export type BindingProblem = NonNullable<Awaited<ReturnType<typeof bridge.bindingReviews.decide>>['results'][number]['problem']>
/** What became of one of a batch; null: it was decided. */
export interface DecisionOutcome {
  readonly person: ReviewedPerson
  readonly problem: BindingProblem | null
}
/** What was looked at: of the attachments nothing where it was decided from the list. */
export type Looked = ReviewedPerson & { readonly attachmentsSeq?: number }

/** 项目人员登记绑定审核: projects, the people of one of them page by page, and who of them is chosen. All of it comes from the central service and goes with the page. */
export const useBindingReviewsStore = defineStore('binding-reviews', () => {
  const projectNo = ref('')
  const projectName = ref('')
  /** 在建 at first, as the manual pictures it. */
  const projectStatus = ref<ProjectStatus | null>('active')
  const projectPage = ref(1)
  const projectTotal = ref(0)
  const projects = shallowRef<readonly ReviewedProject[]>([])
  const projectsLoaded = ref(false)
  let askedProjects = 0

  const project = shallowRef<ReviewedProject | null>(null)
  const status = ref<ReviewedStatus>('pending')
  const query = ref('')
  const personType = ref<PersonType | null>(null)
  const pageSize = ref<number>(peoplePageSizes[0])
  const people = shallowRef<readonly ReviewedPerson[]>([])
  const total = ref(0)
  const loaded = ref(false)
  /** Where each page begins that was turned to; the last one is shown. */
  const cursors = shallowRef<readonly (string | null)[]>([null])
  const next = ref<string | null>(null)
  /** By id, across pages. */
  const chosen = shallowRef<ReadonlyMap<string, ReviewedPerson>>(new Map())
  let projectId = ''
  let askedPeople = 0

  /** The newest question wins, whichever answer comes first. */
  async function loadProjects(): Promise<void> {
    const mine = ++askedProjects
    const answer = await bridge.bindingReviews.projects({
      projectNo: projectNo.value.trim(), name: projectName.value.trim(), status: projectStatus.value, page: projectPage.value, pageSize: reviewedProjectPageSize,
    })
    if (mine !== askedProjects) return
    projects.value = answer.items
    projectTotal.value = answer.total
    projectPage.value = answer.page
    projectsLoaded.value = true
  }

  async function ask(places: readonly (string | null)[]): Promise<void> {
    const mine = ++askedPeople
    const answer = await bridge.bindingReviews.people({
      projectId, status: status.value, query: query.value.trim(), personType: personType.value, cursor: places.at(-1) ?? null, limit: pageSize.value,
    })
    if (mine !== askedPeople) return
    // What others decided meanwhile may leave a page empty.
    if (answer.items.length === 0 && places.length > 1) return ask(places.slice(0, -1))
    people.value = answer.items
    total.value = answer.total
    next.value = answer.next
    project.value = answer.project
    cursors.value = places
    loaded.value = true
    // Chosen is what is shown: the version that the eye sees.
    if (chosen.value.size > 0) chosen.value = new Map([...chosen.value, ...answer.items.filter(({ id }) => chosen.value.has(id)).map((person) => [person.id, person] as const)])
  }
  const load = () => ask(cursors.value)
  const fromFirst = () => ask([null])

  function forgetPeople() {
    askedPeople++
    project.value = null
    people.value = []
    total.value = 0
    loaded.value = false
    cursors.value = [null]
    next.value = null
    chosen.value = new Map()
  }

  function choose(persons: readonly ReviewedPerson[], wanted: boolean) {
    const now = new Map(chosen.value)
    for (const person of persons) {
      if (wanted && now.size < mostBindingDecisions) now.set(person.id, person)
      else if (!wanted) now.delete(person.id)
    }
    chosen.value = now
  }

  const watchers = new Set<() => void>()
  const tellWatchers = () => watchers.forEach((watcher) => watcher())
  onHostEvent('bindingReviews', 'changed', tellWatchers)
  onHostReconnected(tellWatchers)

  return {
    projectNo, projectName, projectStatus, projectPage, projectTotal, projects, projectsLoaded, loadProjects,
    searchProjects: () => {
      projectPage.value = 1
      return loadProjects()
    },
    turnProjects: (page: number) => {
      projectPage.value = page
      return loadProjects()
    },
    project, status, query, personType, pageSize, people, total, loaded, next, chosen, load,
    /** 1-based. */
    page: computed(() => cursors.value.length),
    /** Opens the people of a project with one status; what was searched for in another list does not hide anybody here. */
    openPeople: (id: string, wanted: ReviewedStatus): Promise<void> => {
      if (id !== projectId || wanted !== status.value) {
        forgetPeople()
        query.value = ''
        personType.value = null
      }
      projectId = id
      status.value = wanted
      return load()
    },
    search: fromFirst,
    /** One that was shown before, or the next one. */
    turnTo: async (page: number): Promise<void> => {
      const following = page > cursors.value.length
      if (page < 1 || (following && next.value === null)) return
      await ask(following ? [...cursors.value, next.value] : cursors.value.slice(0, page))
    },
    choose,
    chooseNobody: () => void (chosen.value = new Map()),
    open: (id: string) => bridge.bindingReviews.open({ id }),
    content: (id: string, { id: attachmentId, mediaType }: Pick<AttachmentResource, 'id' | 'mediaType'>) => readContent(mediaType, (offset) => bridge.bindingReviews.readAttachment({ id, attachmentId, offset })),
    download: async (id: string, { id: attachmentId }: Pick<AttachmentResource, 'id'>) => (await bridge.bindingReviews.downloadAttachment({ id, attachmentId })).saved,
    /** 确认. Whoever was decided on is chosen no more. @returns what became of each, in the same order */
    decide: async (decision: ReviewDecision, reason: string, looked: readonly Looked[]): Promise<DecisionOutcome[]> => {
      const asked = looked.flatMap(({ id, version, registrationVersion, attachmentsSeq = null }) => (registrationVersion === null ? [] : [{ id, version, registrationVersion, attachmentsSeq }]))
      const { results } = asked.length > 0 ? await bridge.bindingReviews.decide({ decision, reason, people: asked }) : { results: [] }
      const byId = new Map(results.map(({ id, problem }) => [id, problem]))
      // A registration that was taken back is no longer what was looked at.
      const outcomes = looked.map((person) => ({ person, problem: byId.has(person.id) ? (byId.get(person.id) ?? null) : { code: 'binding-changed' as const, details: {} } }))
      choose(looked, false)
      return outcomes
    },
    /** Called while a page shows a list. @returns how to stop */
    whenChanged: (watcher: () => void) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    forget: () => {
      askedProjects++
      projectNo.value = ''
      projectName.value = ''
      projectStatus.value = 'active'
      projectPage.value = 1
      projectTotal.value = 0
      projects.value = []
      projectsLoaded.value = false
      projectId = ''
      query.value = ''
      personType.value = null
      pageSize.value = peoplePageSizes[0]
      forgetPeople()
    },
  }
})
