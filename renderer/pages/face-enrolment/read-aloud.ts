import { faceConsentSpoken } from '../../../shared/domain/face/consent.ts'

/** Voices of the machine alone: one that is read by a server elsewhere would be told the unit's name. */
const ownVoice = () => speechSynthesis.getVoices().find(({ lang, localService }) => localService && lang.toLowerCase().startsWith('zh'))

/** Whether this machine can say Chinese; the list of voices may come a moment after it was asked for. */
export const canReadAloud = (): boolean => 'speechSynthesis' in window && ownVoice() !== undefined

/**
 * Says the notice. @param ended with whether it was said to the end
 * @returns stops it
 */
export function readAloud(unitName: string, ended: (whole: boolean) => void): () => void {
  const spoken = new SpeechSynthesisUtterance(faceConsentSpoken(unitName))
  const voice = ownVoice()
  if (voice) spoken.voice = voice
  spoken.lang = 'zh-CN'
  spoken.rate = 0.9
  spoken.onend = () => ended(true)
  spoken.onerror = () => ended(false)
  speechSynthesis.speak(spoken)
  return () => speechSynthesis.cancel()
}
