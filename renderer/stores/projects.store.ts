import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ProjectView } from '../../shared/contract/projects.contract.ts'
import type { ProjectStatus } from '../../shared/domain/project.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

/** The manual's list shows 15 a page. */
export const projectPageSize = 15

/** 项目人员绑定: what was asked for and the page that answers it. */
export const useProjectsStore = defineStore('projects', () => {
  const projectNo = ref('')
  const name = ref('')
  /** 项目状态, 在建 at first as in the manual (5.3); all where null. */
  const status = ref<ProjectStatus | null>('active')
  const page = ref(1)
  const total = ref(0)
  const rows = shallowRef<readonly ProjectView[]>([])
  const loaded = ref(false)
  let asked = 0

  /** The newest question wins, whichever answer comes first. */
  async function load(): Promise<void> {
    const mine = ++asked
    const answer = await bridge.projects.list({ projectNo: projectNo.value.trim(), name: name.value.trim(), status: status.value, page: page.value, pageSize: projectPageSize })
    if (mine !== asked) return
    rows.value = answer.rows
    total.value = answer.total
    page.value = answer.page
    loaded.value = true
  }

  const watchers = new Set<() => void>()
  const tellWatchers = () => {
    for (const watcher of watchers) watcher()
  }
  onHostEvent('projects', 'changed', tellWatchers)
  onHostReconnected(tellWatchers)

  return {
    projectNo,
    name,
    status,
    page,
    total,
    rows,
    loaded,
    load,
    search: () => {
      page.value = 1
      return load()
    },
    turnTo: (next: number) => {
      page.value = next
      return load()
    },
    lookUp: (typed: string) => bridge.projects.lookUp({ projectNo: typed }),
    link: (id: string) => bridge.projects.link({ id }),
    unlink: (id: string) => bridge.projects.unlink({ id }),
    /** Called while a page shows the list. @returns how to stop */
    whenChanged: (watcher: () => void) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    /** Another unit must not see the last one's list for a moment. */
    forget: () => {
      asked++
      projectNo.value = ''
      name.value = ''
      status.value = 'active'
      page.value = 1
      total.value = 0
      rows.value = []
      loaded.value = false
    },
  }
})
