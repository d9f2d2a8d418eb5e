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
