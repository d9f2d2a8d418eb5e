import * as v from 'valibot'

/**
 * 人脸信息单独同意 (个人信息保护法 arts. 17, 28, 29, 30; 人脸识别技术应用安全管理办法): of its own, never ticked beforehand, never
 * with another one. Whoever refuses is checked without a face and registered all the same.
 */
export const faceConsentVersion = '2026-12'

/** How it was told: read on the screen, or read aloud. */
export const consentChannels = ['screen', 'read-aloud'] as const
export const consentChannelSchema = v.picklist(consentChannels)
export type ConsentChannel = v.InferOutput<typeof consentChannelSchema>
export const consentChannelLabels: Readonly<Record<ConsentChannel, string>> = { 'screen': '本人阅读', 'read-aloud': '朗读告知' }

/** Under this age in years a guardian agrees (个人信息保护法 art. 31). */
export const guardianUntil = 14

export const guardianSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(50)),
  /** 与本人关系. */
  relation: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(20)),
})
export type Guardian = v.InferOutput<typeof guardianSchema>

/** What the person agrees to. Each but the first may be refused by itself. */
export const faceConsentChoiceSchema = v.strictObject({
  textVersion: v.pipe(v.string(), v.minLength(1), v.maxLength(20)),
  channel: consentChannelSchema,
  /** A small picture stays on this workstation beside the template, to compare by eye. */
  keepPicture: v.boolean(),
  /** Template and kept picture may go to the central service, where the project's switch says so too. */
  send: v.boolean(),
  guardian: v.nullable(guardianSchema),
})
export type FaceConsentChoice = v.InferOutput<typeof faceConsentChoiceSchema>

export interface ConsentParagraph {
  readonly heading: string
  readonly text: string
}

/** The notice, in the order in which it is shown and read aloud. @param unit who handles it */
export function faceConsentText(unit: string): readonly ConsentParagraph[] {
  return [
    { heading: '谁在处理', text: `${unit}采集您的人脸信息。人脸信息属于敏感个人信息。` },
    { heading: '为什么', text: '用来核对您本人与身份证是否一致，防止他人冒名登记，并防止同一人重复登记。不用于其他目的。' },
    { heading: '采集什么', text: '摄像头画面只在本机处理，得出一组特征数值后画面即删除。另外勾选同意的，才保留一张小照片。' },
    { heading: '存在哪里、存多久', text: '特征数值加密保存在本单位的这台电脑上，默认不上传，只向服务器报告是否完成、方式、相似度和时间。您离职或撤回同意后删除。' },
    { heading: '不同意会怎样', text: '不影响您登记和上岗。可以改用非人脸核验：由本单位两名人员核对身份证和照片。' },
    { heading: '您的权利', text: '您可以随时查询、更正，或要求撤回同意。撤回后，这台电脑和服务器上的人脸信息都会删除，撤回前已完成的核验仍然有效。' },
  ]
}

/** What is said aloud: the notice in one piece. */
export const faceConsentSpoken = (unit: string): string => faceConsentText(unit).map(({ heading, text }) => `${heading}：${text}`).join('')
