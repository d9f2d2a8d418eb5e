import { computed, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Rows kept beyond both edges of what is in sight, so that scrolling shows no gap. */
const margin = 6

/** Which rows of a long table of equal rows have to be in the page. @param height of a row, in CSS px */
export function useTableWindow(box: Ref<HTMLElement | undefined>, total: () => number, height: number) {
  const scrollTop = ref(0)
  const boxHeight = ref(400)
  const look = () => {
    scrollTop.value = box.value?.scrollTop ?? 0
    boxHeight.value = box.value?.clientHeight ?? 400
  }
  const sizes = new ResizeObserver(look)
  onMounted(() => box.value && sizes.observe(box.value))
  onBeforeUnmount(() => sizes.disconnect())

  const from = computed(() => Math.max(0, Math.floor(scrollTop.value / height) - margin))
  const to = computed(() => Math.min(total(), Math.ceil((scrollTop.value + boxHeight.value) / height) + margin))
  return {
    from,
    /** Behind the last one. */
    to,
    look,
    /** Brings a row into sight, below the header. */
    reveal: (place: number, header: number) => {
      if (!box.value) return
      const top = place * height
      if (top < box.value.scrollTop) box.value.scrollTop = top
      else if (top + height + header > box.value.scrollTop + box.value.clientHeight) box.value.scrollTop = top + height + header - box.value.clientHeight
    },
  }
}
