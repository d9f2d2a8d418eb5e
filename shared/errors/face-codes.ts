import { fatal, retriable } from './error-entry.ts'

/** 人脸识别 at the workstation. */
export const faceErrors = {
  'face-page-elsewhere': retriable('人脸识别已在另一个窗口打开，请回到那个窗口，或关闭它后重试。'),
  'face-consent-missing': fatal('该人员还没有同意采集人脸信息，请先告知并征得同意；也可以改用非人脸核验。'),
  'face-consent-outdated': fatal('同意书的文字已更新，请重新告知并征得同意。'),
  'face-consent-withdrawn': fatal('该人员已撤回对采集人脸信息的同意，此后的采集没有记录。请重新告知并征得同意，或改用非人脸核验。'),
  'face-guardian-missing': fatal('未满14周岁的人员须由监护人同意，请填写监护人姓名和与本人关系。'),
  'face-is-registered': fatal('该人脸已登记在本单位其他人员名下，不能重复登记。请核对两人的照片和身份证号码。'),
  'face-similar': fatal('与本单位已登记人员的人脸相似，请对照照片，确认不是同一人后再保存。'),
  'face-not-of-document': fatal('人脸与身份证照片不符，未保存。请核对证件；照片年久不像的，改用非人脸核验。'),
  'face-decision-missing': fatal('人脸与身份证照片不能自动判定为同一人，请对照两张照片，填写理由后确认。'),
  'face-other-than-before': fatal('人脸与该身份证号码以前登记的不符，未保存。请核对是否本人；确是本人的，先撤回原人脸信息再采集。'),
  'face-reason-missing': fatal('该人员已采集过人脸，重新采集请填写原因。'),
  'face-versions-differ': fatal('人脸识别组件版本不一致，请重新启动工作站后再采集。'),
  'face-file-damaged': retriable('本机的人脸数据文件已损坏，已另存并重新建立。已完成的核验不受影响，需要时请重新采集。'),
} as const
