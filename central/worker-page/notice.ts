/**
 * 个人信息处理告知 (个人信息保护法 arts. 17, 29, 30; domain rules in docs/threat-model.md). A change of these words wants another
 * `noticeVersion` in shared/domain/self-registration.ts: what was shown is kept with each consent.
 */
export interface NoticePart {
  readonly title: string
  readonly text: string
}

export const noticeParts = (organizationName: string): readonly NoticePart[] => [
  { title: '谁在处理', text: `${organizationName}（您的用工单位）。内容保存在住宅修缮工程实名制中心服务，项目的实施单位在审核时查看。` },
  { title: '为什么处理', text: '依照《保障农民工工资支付条例》第二十八条和《建筑工人实名制管理办法（试行）》办理用工实名登记，用于进场、考勤和工资支付的核对，不作他用。' },
  { title: '处理哪些内容', text: '姓名、身份证号码（及由它得出的性别、出生年月日、年龄）、民族、政治面貌（可不填）、籍贯、手机号、住址、工种、户口，以及身份证照片和正面照。' },
  { title: '敏感个人信息', text: '身份证号码、身份证照片和正面照只用来核对是您本人，不提取人脸特征，不做人脸识别。泄露后可能被人冒用身份，所以全程加密传送、加密保存，每次查看都有记录。' },
  { title: '保存多久', text: '退回的填报30天后删除，90天内没有核对的也删除。登记后按用工管理台账保存，至工程完工且工资结清后满三年。' },
  { title: '您的权利', text: '您可以查阅、复制、更正、删除，也可以撤回同意。请找本单位的经办人办理；有异议可向工程所在地的主管部门投诉。' },
  { title: '不同意怎么办', text: '可以不在手机上填报。请带身份证找本单位的经办人当面登记，不影响您用工。' },
  { title: '本机上的草稿', text: '填写的内容只在这部手机上保留24小时，以防断网丢失；提交成功后立即删除。' },
]

export const consentWords = '我已阅读以上告知，单独同意处理我的身份证号码、身份证照片和正面照。'
