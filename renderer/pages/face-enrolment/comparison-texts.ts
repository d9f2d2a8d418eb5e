import type { PictureReason } from '../../face/face-engine.ts'

/** Why nothing could be compared with 身份证人像面. */
export type DocumentProblem = PictureReason | 'no-picture' | 'not-here'
export const documentProblemWords: Readonly<Record<DocumentProblem, string>> = {
  'no-picture': '还没有身份证人像面照片',
  'not-here': '身份证照片现在取不到',
  'no-face': '身份证照片上没有找到清楚的人脸',
  'many-faces': '身份证照片上不止一张人脸',
  'unreadable': '身份证照片打不开',
  'too-large': '身份证照片太大，无法比对',
}

/** 理由 of a clerk who has looked at both pictures. */
export const decisionPresets = ['证件照片年久，五官特征一致', '发型、胡须或眼镜不同，五官特征一致', '已对照本人的身份证原件，为同一人'] as const
/** 原因 of another enrolment. */
export const reenrolmentPresets = ['面貌变化较大', '上次采集质量不好', '本人要求重新采集'] as const
export const withdrawalPresets = ['本人撤回同意', '不再在本单位工作', '采集有误'] as const

/** 相似度 in whole percent. */
export const percent = (similarity: number | undefined): string => `${Math.round((similarity ?? 0) * 100)}%`
