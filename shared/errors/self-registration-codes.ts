import { fatal, retriable } from './error-entry.ts'

/** 扫码登记: a worker reads these on the phone. */
export const selfRegistrationErrors = {
  'poster-code-unknown': fatal('没有找到这个二维码对应的项目，二维码可能已经作废。请重新扫描工地张贴的二维码，或找本单位的经办人登记。'),
  'poster-code-expired': fatal('这个二维码已过有效期，不能再填报。请向本单位的经办人要新的二维码。'),
  'work-not-done': retriable('提交前的自动验证没有通过或已超时，请再点一次提交。'),
  'self-registration-too-many': fatal('该项目等待核对的登记太多，暂时不能再填报。请联系本单位的经办人。'),
  'self-registration-settled': fatal('该登记已经由他人核对或退回，没有再作处理。'),
  'consent-outdated': fatal('《个人信息处理告知》已更新，请刷新本页，看过新的告知后再提交。已填写的内容还在。'),
} as const
