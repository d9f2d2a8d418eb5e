/// <reference lib="dom" />
import type { SelfRegistrationTexts } from '../../shared/domain/self-registration.ts'

/** Runs in the page, as text: nothing from outside it is there. Fills in the form, sends it, and tells the word of its state. */
export async function fillInAndSend(texts: SelfRegistrationTexts): Promise<string> {
  async function found<T extends Element>(selector: string): Promise<T> {
    for (let tries = 0; tries < 200; tries++) {
      const element = document.querySelector<T>(selector)
      if (element) return element
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`no ${selector}: ${document.body.innerText.slice(0, 300)}`)
  }
  async function type(name: string, text: string): Promise<void> {
    const entry = await found<HTMLInputElement | HTMLSelectElement>(`#input-${name}`)
    entry.value = text
    entry.dispatchEvent(new Event(entry instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }))
  }
  async function choosePlace(name: string): Promise<void> {
    for (const [level, code] of ['32', '3201', '320102'].entries()) {
      const list = await found<HTMLSelectElement>(`#field-${name} select:nth-of-type(${level + 1}):not([disabled])`)
      const option = [...list.options].find(({ value }) => value.startsWith(code))
      list.value = option?.value ?? ''
      list.dispatchEvent(new Event('change', { bubbles: true }))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  async function take(photo: string): Promise<void> {
    const canvas = document.createElement('canvas')
    ;[canvas.width, canvas.height] = [2_000, 1_200]
    const context = canvas.getContext('2d')
    context?.fillText(photo, 100, 100)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    const files = new DataTransfer()
    files.items.add(new File([blob ?? ''], `${photo}.png`, { type: 'image/png' }))
    const input = await found<HTMLInputElement>(`#input-${photo}`)
    input.files = files.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
    await found(`#field-${photo} img`)
  }
  for (const name of ['name', 'idCardNo', 'ethnicity', 'mobile', 'residenceDetail', 'workType', 'hukouType'] as const) await type(name, texts[name])
  for (const name of ['nativePlace', 'residenceRegion', 'hukouRegion']) await choosePlace(name)
  for (const photo of ['id-card', 'portrait']) await take(photo)
  ;(await found<HTMLInputElement>('#input-consent')).click()
  ;(await found<HTMLButtonElement>('button[type=submit]')).click()
  return (await found<HTMLElement>('.state-word')).innerText
}
