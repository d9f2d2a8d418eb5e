import { computed, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { textScale } from '../../theme/text-scale.ts'

/** Rows kept beyond both edges of what is in sight, so that scrolling shows no gap. */
const margin = 6

/** Which rows of a long table of equal rows have to be in the page. @param rowHeight in px at 字号 标准 */
export function useTableWindow(box: Ref<HTMLElement | undefined>, total: () => number, rowHeight: number) {
  const scrollTop = ref(0)
  const boxHeight = ref(400)
  const scale = ref(textScale())
  const height = computed(() => rowHeight * scale.value)
  const look = () => {
    scale.value = textScale()
    scrollTop.value = box.value?.scrollTop ?? 0
    boxHeight.value = box.value?.clientHeight ?? 400
  }
  const sizes = new ResizeObserver(look)
  onMounted(() => box.value && sizes.observe(box.value))
  onBeforeUnmount(() => sizes.disconnect())

  const from = computed(() => Math.max(0, Math.floor(scrollTop.value / height.value) - margin))
  const to = computed(() => Math.min(total(), Math.ceil((scrollTop.value + boxHeight.value) / height.value) + margin))
  return {
    from,
    /** Behind the last one. */
    to,
    look,
    /** What stands for so many rows that are not in the page. */
    roomOf: (rows: number) => ({ height: `${rows * height.value}px` }),
    /** Brings a row into sight, below the header. @param headHeight in px at 字号 标准 */
    reveal: (place: number, headHeight: number) => {
      if (!box.value) return
      const top = place * height.value
      const end = top + height.value + headHeight * scale.value
      if (top < box.value.scrollTop) box.value.scrollTop = top
      else if (end > box.value.scrollTop + box.value.clientHeight) box.value.scrollTop = end - box.value.clientHeight
    },
  }
}
