import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { CrewMember, FaceComparison, FacePerson } from '../../shared/contract/faces.contract.ts'
import type { FaceCapture } from '../../shared/domain/face/capture.ts'
import type { FaceConsentChoice } from '../../shared/domain/face/consent.ts'
import type { FaceTemplate } from '../../shared/domain/face/template.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { readContent } from './attachment-pieces.ts'

export interface ComparedDocument {
  readonly attachmentId: string
  readonly template: FaceTemplate
}

export interface EnrolChoice {
  readonly capture: FaceCapture
  readonly document: ComparedDocument | null
  /** A JPEG, base64. */
  readonly picture: string | null
  readonly decision: string | null
  readonly notThePerson: readonly string[]
  readonly reason: string | null
}

/** Changes that come within so many ms are one. */
const togetherMs = 100

/** 人脸识别 of a project's crew: who lacks it, and the one who is in front of the camera. */
export const useFacesStore = defineStore('faces', () => {
  const projectId = ref('')
  const project = shallowRef<{ readonly name: string; readonly no: string } | null>(null)
  const people = shallowRef<readonly CrewMember[]>([])
  const loaded = ref(false)
  const person = shallowRef<FacePerson | null>(null)
  const stored = shallowRef<{ readonly stored: number; readonly warnFrom: number } | null>(null)
  const listeners = new Set<() => void>()
  let asked = 0
  let shownId = ''

  const done = computed(() => people.value.filter(({ identityCheck }) => identityCheck !== null).length)

  async function loadCrew(): Promise<void> {
    const mine = ++asked
    const [crew, state] = await Promise.all([bridge.faces.crew({ projectId: projectId.value }), bridge.faces.state({})])
    if (mine !== asked) return
    project.value = { name: crew.projectName, no: crew.projectNo }
    people.value = crew.people
    stored.value = state
    loaded.value = true
  }

  const ofShown = () => ({ recordId: shownId, projectId: projectId.value })
  /** What came back of somebody who is no longer shown is not shown. */
  function take(came: FacePerson): FacePerson {
    if (came.recordId === shownId) person.value = came
    return came
  }

  /** One 保存 is told as several changes: what is shown is asked for once. */
  let telling: ReturnType<typeof setTimeout> | undefined
  function tellListeners(): void {
    telling ??= setTimeout(() => {
      telling = undefined
      for (const listener of listeners) listener()
    }, togetherMs)
  }
  onHostEvent('faces', 'changed', tellListeners)
  onHostEvent('bindings', 'changed', tellListeners)
  onHostReconnected(tellListeners)

  return {
    projectId, project, people, loaded, person, stored, done,
    showProject: (id: string): void => {
      if (id === projectId.value) return
      projectId.value = id
      project.value = null
      people.value = []
      loaded.value = false
      person.value = null
      shownId = ''
    },
    loadCrew,
    /** Whose turn it is. */
    show: async (recordId: string): Promise<void> => {
      shownId = recordId
      if (person.value?.recordId !== recordId) person.value = null
      take(await bridge.faces.person(ofShown()))
    },
    showNobody: (): void => {
      shownId = ''
      person.value = null
    },
    giveConsent: async (choice: FaceConsentChoice) => take(await bridge.faces.giveConsent({ ...ofShown(), choice })),
    withdraw: async (recordId: string, reason: string) => take(await bridge.faces.withdraw({ recordId, projectId: projectId.value, reason })),
    /** @param recordId whose capture it is: by now somebody else may be shown */
    compare: (recordId: string, capture: FaceCapture, document: ComparedDocument | null): Promise<FaceComparison> => bridge.faces.compare({ recordId, capture, document }),
    enrol: async (recordId: string, { notThePerson, ...choice }: EnrolChoice) => take(await bridge.faces.enrol({ recordId, projectId: projectId.value, ...choice, notThePerson: [...notThePerson] })),
    /** 身份证人像面 or 正面照 of a person. @throws AppError not-found where it is not on this workstation */
    attachment: async (recordId: string, id: string): Promise<Blob> => {
      const { items } = await bridge.attachments.list({ recordId })
      const found = items.find((each) => each.id === id)
      if (!found) throw new AppError('not-found')
      return readContent(found.mediaType, (offset) => bridge.attachments.read({ id, offset }))
    },
    /** The picture that was kept when somebody was enrolled; null where none was. */
    keptPicture: async (recordId: string): Promise<Blob | null> => {
      const { picture } = await bridge.faces.picture({ recordId })
      if (picture === null) return null
      return new Blob([Uint8Array.from(atob(picture), (each) => each.charCodeAt(0))], { type: 'image/jpeg' })
    },
    /** @returns takes it back */
    whenChanged: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget: (): void => {
      asked++
      projectId.value = ''
      project.value = null
      people.value = []
      loaded.value = false
      person.value = null
      stored.value = null
      shownId = ''
    },
  }
})
