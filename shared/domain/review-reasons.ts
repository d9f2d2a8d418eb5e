/**
 * 审核不通过 for reasons that come up again and again; a reviewer may change the words or write others. Ours: the manual
 * pictures the dialog and names none.
 */
export const reviewReasons = [
  '姓名或身份证号码与所附证件不一致，请核对后重新提交。',
  '职称与所附材料不一致，请核对后重新提交。',
  '社保缴费证明不符合要求，请更换后重新提交。',
  '证件照片不清晰或不完整，请重新上传后提交。',
  '联系电话无法接通，请核对后重新提交。',
  '该人员不属于本单位，请核实。',
] as const

/** 退回 of what a worker sent from a phone: it is the worker who reads these, on the phone. */
export const selfRegistrationReasons = [
  '姓名或身份证号码与身份证照片不一致，请对照身份证改正后重新提交。',
  '身份证照片不清晰或不完整，请重新拍照后提交。',
  '正面照不清晰或不是本人，请重新拍照后提交。',
  '手机号无法接通，请核对后重新提交。',
  '工种与现场安排不一致，请与班组长核对后重新提交。',
] as const
