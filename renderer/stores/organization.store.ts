import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { UnitProfile } from '../../shared/contract/organization.contract.ts'
import { contactFields, tidyContact, type ContactField, type UnitContact } from '../../shared/domain/unit-contact.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge, onHostEvent } from '../bridge/bridge.ts'

/** What was typed into a field, and what stood there when it was begun. */
interface Typed {
  readonly text: string
  readonly base: string
}

/** 企业基本信息 of the own unit. What is typed outlives the page, until it is saved or given up. */
export const useOrganizationStore = defineStore('organization', () => {
  const profile = shallowRef<UnitProfile | null>(null)
  const typed = ref<Partial<Record<ContactField, Typed>>>({})
  /** How often it was forgotten: an answer from before is another clerk's. */
  let forgotten = 0
  /** The version that whoever saves was told of, as it clashes with what they typed. */
  let toldOf: number | null = null

  const standing = (field: ContactField) => profile.value?.[field] ?? ''
  const contact = computed<UnitContact>(() => Object.fromEntries(contactFields.map((field) => [field, typed.value[field]?.text ?? standing(field)])) as unknown as UnitContact)
  /** Only what is other than it stands. */
  const changes = computed<Partial<UnitContact>>(() => {
    const tidied = tidyContact(contact.value)
    return Object.fromEntries(contactFields.flatMap((field) => (tidied[field] === standing(field) ? [] : [[field, tidied[field]]])))
  })
  const isChanged = computed(() => Object.keys(changes.value).length > 0)
  /** Fields that somebody else has changed since they were begun here, and differently. */
  const clashes = computed<readonly ContactField[]>(() =>
    contactFields.filter((field) => {
      const mine = typed.value[field]
      return mine !== undefined && mine.base !== standing(field) && field in changes.value
    }),
  )

  async function load(): Promise<void> {
    const before = forgotten
    const answer = await bridge.organization.profile({})
    if (before === forgotten) profile.value = answer
  }

  /** What was typed while it was on its way is kept, and stands beside what is saved now. */
  function saved(answer: UnitProfile, sent: typeof typed.value): void {
    profile.value = answer
    const later = contactFields.flatMap((field) => {
      const now = typed.value[field]
      return now === undefined || now.text === sent[field]?.text ? [] : [[field, { text: now.text, base: standing(field) }] as const]
    })
    typed.value = Object.fromEntries(later)
  }

  const drop = (field: ContactField) => {
    const { [field]: _gone, ...others } = typed.value
    typed.value = others
  }

  onHostEvent('organization', 'changed', () => {
    // Where it cannot be had now, what is shown stays.
    if (profile.value) load().catch(() => undefined)
  })

  return {
    profile,
    contact,
    changes,
    isChanged,
    clashes,
    load,
    type: (field: ContactField, text: string) => {
      typed.value = { ...typed.value, [field]: { text, base: typed.value[field]?.base ?? standing(field) } }
    },
    /** 采用: what stands there, in place of what was typed. */
    adopt: drop,
    discard: () => {
      typed.value = {}
    },
    /**
     * @throws AppError unit-changed where somebody else changed the same fields, whether news of it came before or only this answer
     * tells of it: what was typed stays, beside what stands there now. Whoever saves once more has seen it.
     */
    save: async () => {
      const shown = profile.value
      if (!shown || !isChanged.value) return
      if (clashes.value.length > 0 && toldOf !== shown.version) {
        toldOf = shown.version
        throw new AppError('unit-changed')
      }
      const before = forgotten
      try {
        const sent = typed.value
        const answer = await bridge.organization.saveContact({ version: shown.version, changes: changes.value })
        if (before === forgotten) saved(answer, sent)
      } catch (error) {
        // Where it cannot be had now, the next try hears the same.
        if (AppError.is(error, 'unit-changed')) {
          await load().catch(() => undefined)
          toldOf = profile.value?.version ?? null
        }
        throw error
      }
    },
    forget: () => {
      forgotten++
      profile.value = null
      typed.value = {}
    },
  }
})
