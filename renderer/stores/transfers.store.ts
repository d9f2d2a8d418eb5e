import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { TransferRequestsView } from '../../shared/contract/transfers.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { useSessionStore } from './session.store.ts'

type TransferOut = Parameters<typeof bridge.transfers.transferOut>[0]
type TransferIn = Parameters<typeof bridge.transfers.transferIn>[0]

/** 人员迁移: requests by and to other units, and what is done about them. */
export const useTransfersStore = defineStore('transfers', () => {
  const requests = shallowRef<TransferRequestsView | null>(null)
  /** Of two answers the newer question's counts. */
  let asked = 0

  async function take(answer: Promise<TransferRequestsView>): Promise<void> {
    const mine = ++asked
    const told = await answer
    if (mine === asked) requests.value = told
  }

  /** What is known on this machine. */
  const load = () => take(bridge.transfers.requests({}))
  /** Nobody waits for it: a lock screen or a lost host is asked again when it is open or there. */
  const loadQuietly = () => {
    if (useSessionStore().phase === 'signed-in') load().catch(() => undefined)
  }
  onHostEvent('transfers', 'changed', loadQuietly)
  // An answer that waited has been sent, or refused.
  onHostEvent('registrations', 'changed', () => {
    if (requests.value && requests.value.incoming.length > 0) loadQuietly()
  })
  onHostReconnected(loadQuietly)

  const after = async (work: Promise<unknown>) => {
    await work.finally(loadQuietly)
  }

  return {
    requests,
    /** Those to this unit that wait for its answer. */
    waiting: computed(() => requests.value?.waiting ?? 0),
    load,
    refresh: () => take(bridge.transfers.refresh({})),
    beforeTransferOut: (id: string) => bridge.transfers.beforeTransferOut({ id }),
    transferOut: (departure: TransferOut) => after(bridge.transfers.transferOut(departure)),
    cancelTransferOut: (id: string) => after(bridge.transfers.cancelTransferOut({ id })),
    ask: (idCardNo: string, name: string) => after(bridge.transfers.ask({ idCardNo, name })),
    withdraw: (id: string) => after(bridge.transfers.withdraw({ id })),
    refuse: (id: string, words: string) => after(bridge.transfers.refuse({ id, words })),
    transferIn: (wanted: TransferIn) => bridge.transfers.transferIn(wanted),
    forget: () => {
      asked++
      requests.value = null
    },
  }
})
