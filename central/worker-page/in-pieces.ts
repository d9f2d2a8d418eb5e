import { onBeforeUnmount, onMounted, ref } from 'vue'

/**
 * Brings a long page in piece by piece, so that a slow phone answers to fingers in between: what is in sight first.
 * @param count of pieces; the first one is there at once
 * @param whole called when the last one is there
 */
export function useInPieces(count: number, whole: () => void) {
  const pieces = ref(1)
  let timer: ReturnType<typeof setTimeout> | undefined
  const next = () => {
    if (pieces.value >= count) return whole()
    pieces.value++
    timer = setTimeout(next, 0)
  }
  onMounted(() => void (timer = setTimeout(next, 0)))
  onBeforeUnmount(() => clearTimeout(timer))
  return pieces
}
