import { computed, watch, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'

export interface Asked<What> {
  /** Of the dialog; closing it, nothing is asked about. */
  readonly open: WritableComputedRef<boolean>
  /** What it is about: still named while the dialog fades out. */
  readonly shown: ComputedRef<What | null>
}

/**
 * A dialog about something, open while there is something.
 * @param begin called each time that it is about something anew
 */
export function useAsked<What extends object>(what: Ref<What | null>, begin?: () => void): Asked<What> {
  const open = computed({
    get: () => what.value !== null,
    set: (wanted) => {
      if (!wanted) what.value = null
    },
  })
  const shown = computed<What | null>((before) => what.value ?? before ?? null)
  watch(what, (now) => {
    if (now !== null) begin?.()
  })
  return { open, shown }
}
