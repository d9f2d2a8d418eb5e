import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ComparedPictures, IdentityChecksOfOne, SecondLook, WaitingIdentityCheck } from '../../shared/api/identity-checks.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge } from '../bridge/bridge.ts'
import { readContent } from './attachment-pieces.ts'

/** 非人脸核验 of people of the own unit: what waits for a second person, and the two looks at one. */
export const useIdentityChecksStore = defineStore('identity-checks', () => {
  const waiting = shallowRef<readonly WaitingIdentityCheck[]>([])
  const loaded = ref(false)
  let asked = 0

  return {
    waiting,
    loaded,
    load: async (): Promise<void> => {
      const mine = ++asked
      const { items } = await bridge.identityChecks.waiting({})
      if (mine !== asked) return
      waiting.value = items
      loaded.value = true
    },
    ofRegistration: (id: string): Promise<IdentityChecksOfOne> => bridge.identityChecks.ofRegistration({ id }),
    begin: (registrationId: string, compared: ComparedPictures) => bridge.identityChecks.begin({ registrationId, ...compared }),
    finish: (id: string, look: SecondLook) => bridge.identityChecks.finish({ id, ...look }),
    /** One of the two pictures. @throws AppError not-found where the workstation has not heard of it yet, and where it is not to be had now */
    picture: async (registrationId: string, id: string): Promise<Blob> => {
      const { items } = await bridge.attachments.list({ recordId: registrationId })
      const found = items.find((each) => each.id === id)
      if (!found) throw new AppError('not-found')
      return readContent(found.mediaType, (offset) => bridge.attachments.read({ id, offset }))
    },
    forget: () => {
      asked++
      waiting.value = []
      loaded.value = false
    },
  }
})
