import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { RegistrationRow } from '../../shared/contract/registrations.contract.ts'
import type { EmploymentStatus, PersonType } from '../../shared/domain/statuses.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

/** The manual's list shows 15 a page. */
export const registrationPageSize = 15

/** Where the clerk comes back to. */
export interface LeftAt {
  /** The row that was opened, or the person whom 新增 made. */
  readonly id: string
  /** How far the list was scrolled. */
  readonly scrollTop: number
  /** Made by 新增: no search and no filter of the list was meant for him. */
  readonly isNew: boolean
}

/** The list 管理人员登记: what was asked for and the page that answers it. */
export const useRegistrationsStore = defineStore('registrations', () => {
  const query = ref('')
  /** Only those that wait for the clerk: 被退回 and 有冲突. */
  const onlyNeedingAttention = ref(false)
  /** 状态: only those; everybody where null. */
  const employmentStatus = ref<EmploymentStatus | null>(null)
  const page = ref(1)
  const total = ref(0)
  const rows = shallowRef<readonly RegistrationRow[]>([])
  const loaded = ref(false)
  const leftAt = shallowRef<LeftAt | null>(null)
  let asked = 0

  /**
   * The newest question wins, whichever answer comes first.
   * @param showing who is to be seen, on whichever page that is now
   */
  async function load(showing?: string): Promise<void> {
    const mine = ++asked
    const answer = await bridge.registrations.list({
      query: query.value.trim(), page: page.value, pageSize: registrationPageSize, onlyNeedingAttention: onlyNeedingAttention.value, personType: 'manager',
      ...(employmentStatus.value === null ? {} : { employmentStatus: employmentStatus.value }), ...(showing === undefined ? {} : { showing }),
    })
    if (mine !== asked) return
    rows.value = answer.rows
    total.value = answer.total
    page.value = answer.page
    loaded.value = true
  }

  function showEverybody(showing?: string): Promise<void> {
    onlyNeedingAttention.value = false
    employmentStatus.value = null
    query.value = ''
    page.value = 1
    return load(showing)
  }

  const watchers = new Set<() => void>()
  const tellWatchers = () => {
    for (const watcher of watchers) watcher()
  }
  onHostEvent('registrations', 'changed', tellWatchers)
  // What changed while the host was out of reach was told to nobody.
  onHostReconnected(tellWatchers)

  return {
    query,
    onlyNeedingAttention,
    employmentStatus,
    page,
    total,
    rows,
    loaded,
    leftAt,
    load,
    search: (text: string) => {
      query.value = text
      page.value = 1
      return load()
    },
    /** All of them where `only`: whatever was searched for before must hide none. Back to the whole list the search stays. */
    showNeedingAttention: (only: boolean) => {
      onlyNeedingAttention.value = only
      if (only) {
        query.value = ''
        employmentStatus.value = null
      }
      page.value = 1
      return load()
    },
    /** The whole list, whatever was asked for before. */
    showEverybody: () => showEverybody(),
    /** In the whole list, where a search or filter hides him; the list stays as it is where he is nowhere. */
    lookFor: async (id: string) => {
      const { rows: around } = await bridge.registrations.list({ query: '', page: 1, pageSize: registrationPageSize, onlyNeedingAttention: false, personType: 'manager', showing: id })
      if (around.some((row) => row.id === id)) await showEverybody(id)
    },
    /** From one form the clerk may have gone on to another. */
    cameFrom: (id: string) => {
      if (leftAt.value?.id !== id) leftAt.value = { id, scrollTop: 0, isNew: false }
    },
    showStatus: (status: EmploymentStatus | null) => {
      employmentStatus.value = status
      page.value = 1
      return load()
    },
    turnTo: (next: number) => {
      page.value = next
      return load()
    },
    checkIdCardNo: (idCardNo: string) => bridge.registrations.checkIdCardNo({ idCardNo }),
    begin: (idCardNo: string, personType: PersonType) => bridge.registrations.begin({ idCardNo, personType }),
    remove: (id: string) => bridge.registrations.remove({ id }),
    history: (id: string) => bridge.registrations.history({ id }),
    /** Called while a page shows the list. @returns how to stop */
    whenChanged: (watcher: () => void) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    /** Another unit or account must not see the last one's list for a moment. */
    forget: () => {
      query.value = ''
      onlyNeedingAttention.value = false
      employmentStatus.value = null
      leftAt.value = null
      page.value = 1
      total.value = 0
      rows.value = []
      loaded.value = false
      asked++
    },
  }
})
