import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { BindingRow, BoundProject } from '../../shared/contract/bindings.contract.ts'
import type { BindingStatus } from '../../shared/domain/binding.ts'
import type { PersonType } from '../../shared/domain/statuses.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

export const bindingPageSize = 15

/** People of one project of one kind: what was asked for, the page that answers it, and who was ticked on any page. */
export const useBindingsStore = defineStore('bindings', () => {
  const projectId = ref('')
  const personType = ref<PersonType>('worker')
  const project = shallowRef<BoundProject | null>(null)
  const name = ref('')
  const status = ref<BindingStatus | null>(null)
  const page = ref(1)
  const total = ref(0)
  const rows = shallowRef<readonly BindingRow[]>([])
  const submittable = shallowRef<readonly string[]>([])
  const loaded = ref(false)
  /** Names by id, so that a result can say of whom it is, on whatever page. */
  const chosen = shallowRef<ReadonlyMap<string, string>>(new Map())
  let asked = 0

  /** The newest question wins, whichever answer comes first. */
  async function load(): Promise<void> {
    const mine = ++asked
    const answer = await bridge.bindings.list({ projectId: projectId.value, personType: personType.value, name: name.value.trim(), status: status.value, page: page.value, pageSize: bindingPageSize })
    if (mine !== asked) return
    project.value = answer.project
    rows.value = answer.rows
    total.value = answer.total
    page.value = answer.page
    submittable.value = answer.submittable
    loaded.value = true
  }

  function forget(): void {
    asked++
    projectId.value = ''
    project.value = null
    name.value = ''
    status.value = null
    page.value = 1
    total.value = 0
    rows.value = []
    submittable.value = []
    chosen.value = new Map()
    loaded.value = false
  }

  const watchers = new Set<() => void>()
  const tellWatchers = () => {
    for (const watcher of watchers) watcher()
  }
  onHostEvent('bindings', 'changed', tellWatchers)
  onHostEvent('registrations', 'changed', tellWatchers)
  onHostEvent('projects', 'changed', tellWatchers)
  onHostReconnected(tellWatchers)

  return {
    project, personType, name, status, page, total, rows, submittable, loaded, chosen, load, forget,
    /** The people of another project, or the same once more: where the clerk was on it stays. */
    show: (id: string, kind: PersonType) => {
      if (projectId.value !== id || personType.value !== kind) forget()
      projectId.value = id
      personType.value = kind
    },
    search: () => {
      page.value = 1
      return load()
    },
    turnTo: (next: number) => {
      page.value = next
      return load()
    },
    choose: (some: readonly BindingRow[], wanted: boolean) => {
      const next = new Map(chosen.value)
      for (const row of some) {
        if (wanted) next.set(row.id, row.name)
        else next.delete(row.id)
      }
      chosen.value = next
    },
    chooseNone: () => void (chosen.value = new Map()),
    submit: (ids: readonly string[]) => bridge.bindings.submit({ ids: [...ids] }),
    leave: (ids: readonly string[]) => bridge.bindings.leave({ ids: [...ids] }),
    remove: (ids: readonly string[]) => bridge.bindings.remove({ ids: [...ids] }),
    retry: (id: string) => bridge.bindings.retry({ id }),
    dismiss: (id: string) => bridge.bindings.dismiss({ id }),
    candidates: (wanted: string, at: number) => bridge.bindings.candidates({ projectId: projectId.value, name: wanted, page: at, pageSize: bindingPageSize }),
    add: (recordIds: readonly string[]) => bridge.bindings.add({ projectId: projectId.value, recordIds: [...recordIds] }),
    beginRegistration: (id: string) => bridge.bindings.beginRegistration({ id }),
    isElsewhere: (id: string) => bridge.bindings.isElsewhere({ id }),
    askTransfer: (id: string) => bridge.bindings.askTransfer({ id }),
    refusals: async (recordId: string) => (await bridge.bindings.refusals({ recordId })).rows,
    workHistory: async (recordId: string) => (await bridge.bindings.workHistory({ recordId })).rows,
    teams: () => bridge.bindings.teams({ projectId: projectId.value }),
    putTeam: (id: string | null, team: { name: string; leaderBindingId: string | null }) => bridge.bindings.putTeam({ id, projectId: projectId.value, ...team }),
    removeTeam: (id: string) => bridge.bindings.removeTeam({ id }),
    assignTeam: (ids: readonly string[], teamId: string | null) => bridge.bindings.assignTeam({ ids: [...ids], teamId }),
    /** Everybody of the project who may lead a team. */
    everybody: async () => (await bridge.bindings.list({ projectId: projectId.value, personType: 'worker', name: '', status: null, page: 1, pageSize: 100 })).rows,
    /** Called while a page shows the list. @returns how to stop */
    whenChanged: (watcher: () => void) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
})
