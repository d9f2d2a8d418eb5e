import { noticeVersion, selfPhotos, type SelfPhoto, type SelfRegistrationTexts } from '../../shared/domain/self-registration.ts'
import type { SelfRegistrationReceipt } from '../../shared/api/self-registrations.ts'
import { Refused, type CentralClient, type Mine } from './central-client.ts'
import type { Sending } from './kept-draft.ts'
import { newToken, newUuid } from './random.ts'
import type { WorkAhead } from './work-ahead.ts'

export interface FormToSend {
  readonly code: string
  readonly texts: SelfRegistrationTexts
  /** ISO. */
  readonly consentAt: string
  readonly photos: Readonly<Record<SelfPhoto, Blob>>
  /** Of an earlier try. */
  readonly sending: Sending | null
}

export interface SendingTools {
  readonly client: CentralClient
  readonly work: WorkAhead
  /** Kept before anything leaves, so that a try after a reload is a try of the same. */
  readonly noteSending: (sending: Sending) => void
  readonly tellStep: (step: 'form' | SelfPhoto) => void
}

/** Tells one form from another, photos by their size: one of another picture hardly ever has the same to the byte. */
export function stampOf({ texts, photos }: Pick<FormToSend, 'texts' | 'photos'>): string {
  const text = JSON.stringify([texts, ...selfPhotos.map((photo) => photos[photo].size)])
  let hash = 5381
  for (let index = 0; index < text.length; index++) hash = (hash * 33 + text.charCodeAt(index)) | 0
  return `${text.length}.${hash >>> 0}`
}

/**
 * Sends the form and its photos. However often it is called, and wherever the line broke before, the unit gets one: the same id and
 * token until what was sent is changed, and even then only where the first did not arrive whole.
 * @throws LineBroken: to be tried again; Refused
 */
export async function sendForm({ client, work, noteSending, tellStep }: SendingTools, form: FormToSend): Promise<Mine> {
  const stamp = stampOf(form)
  let sending = form.sending
  if (sending && sending.stamp !== stamp) {
    if (await hasArrived(client, sending)) return sending
    sending = null
  }
  if (!sending) {
    sending = { id: newUuid(), token: newToken(), stamp }
    noteSending(sending)
  }
  tellStep('form')
  const mine = { id: sending.id, token: sending.token }
  let receipt = await submit({ client, work }, mine, form)
  for (const photo of receipt.missing) {
    tellStep(photo)
    receipt = await client.sendPhoto(mine, photo, form.photos[photo])
  }
  return mine
}

async function submit({ client, work }: Pick<SendingTools, 'client' | 'work'>, mine: Mine, { code, texts, consentAt }: FormToSend): Promise<SelfRegistrationReceipt> {
  const once = async () => client.submit({ ...mine, code, values: texts, consent: { noticeVersion, at: consentAt }, work: await work.take() })
  try {
    return await once()
  } catch (error) {
    // It lay about too long: done anew, without the worker.
    if (error instanceof Refused && error.code === 'work-not-done') return once()
    throw error
  }
}

async function hasArrived(client: CentralClient, mine: Mine): Promise<boolean> {
  try {
    return (await client.readOwn({ id: mine.id, token: mine.token })).state !== 'incomplete'
  } catch (error) {
    if (error instanceof Refused && error.code === 'not-found') return false
    throw error
  }
}
