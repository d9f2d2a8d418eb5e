import { ref } from 'vue'
import { selfPhotos, type SelfPhoto } from '../../shared/domain/self-registration.ts'
import { LineBroken, Refused, type CentralClient, type Mine } from './central-client.ts'
import type { SelfForm } from './self-form.ts'
import { sendForm } from './send-form.ts'
import type { WorkAhead } from './work-ahead.ts'

export type SendingPhase = 'editing' | 'sending' | 'line-broken'

/** Milliseconds before the next try by itself. */
const rests = [2_000, 5_000, 10_000, 20_000, 30_000]

/** 提交: goes on by itself when the line is there again, until the worker goes back to the form. */
export function useSending({ code, form, client, work, onSent }: { code: string; form: SelfForm; client: CentralClient; work: WorkAhead; onSent: (mine: Mine) => Promise<void> }) {
  const phase = ref<SendingPhase>('editing')
  const step = ref(0)
  const refusal = ref('')
  let wake: () => void = () => undefined

  const again = (rest: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      const timer = setTimeout(resolve, rest)
      const woken = () => {
        clearTimeout(timer)
        window.removeEventListener('online', woken)
        resolve()
      }
      wake = woken
      window.addEventListener('online', woken)
    })

  async function once(): Promise<void> {
    const photos = { 'id-card': form.photos['id-card'], 'portrait': form.photos.portrait } as Record<SelfPhoto, Blob>
    const mine = await sendForm(
      {
        client, work,
        noteSending: (sending) => void (form.sending.value = sending),
        tellStep: (part) => void (step.value = part === 'form' ? 0 : selfPhotos.indexOf(part) + 1),
      },
      { code, texts: { ...form.texts }, consentAt: form.consentAt.value ?? '', photos, sending: form.sending.value },
    )
    step.value = 3
    await onSent(mine)
  }

  async function send(): Promise<void> {
    if (phase.value !== 'editing') return
    ;[phase.value, refusal.value, step.value] = ['sending', '', 0]
    for (let attempt = 0; ; attempt++) {
      try {
        return await once()
      } catch (error) {
        if (error instanceof Refused) {
          ;[phase.value, refusal.value] = ['editing', error.message]
          return
        }
        if (!(error instanceof LineBroken)) {
          phase.value = 'editing'
          throw error
        }
        phase.value = 'line-broken'
        await again(rests[Math.min(attempt, rests.length - 1)] ?? 0)
        // Set by `goBack` meanwhile.
        if ((phase.value as SendingPhase) === 'editing') return
        phase.value = 'sending'
      }
    }
  }

  return {
    phase, step, refusal, send,
    retryNow: () => wake(),
    goBack: () => {
      phase.value = 'editing'
      wake()
    },
  }
}
