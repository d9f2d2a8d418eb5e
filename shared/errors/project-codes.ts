import { fatal, retriable } from './error-entry.ts'

/** 项目: what a unit works on. */
export const projectErrors = {
  'project-not-found': fatal('没有找到该报建编号的项目，或者本单位不是该项目的参建单位。请核对报建编号；刚报送的项目可能还没有同步过来。'),
  'project-has-people': fatal('该项目还有{count}名本单位人员，不能删除。请先为这些人员办理退场，再删除项目。'),
  'binding-not-submitted': fatal('该人员的绑定申请还没有提交，不能审核。'),
  'binding-submitted': fatal('该人员的绑定申请已经提交，正在等待审核。'),
  'binding-decided': fatal('该人员的绑定申请已经审核过，可能已由他人审核。'),
  'binding-approved': fatal('该人员的绑定申请已经审核通过。不再参加该项目的，请办理退场。'),
  'binding-not-approved': fatal('该人员的绑定申请还没有审核通过，不需要退场；不再参加该项目的，可以移出项目。'),
  'binding-ended': fatal('该人员已不在该项目上，请刷新后再看。'),
  'binding-here': fatal('该人员已在该项目的名单中。'),
  'binding-blocked': fatal('该人员的绑定申请现在不能提交，请先处理该行显示的原因。'),
  'binding-forgotten': fatal('服务器从备份恢复后没有该人员的绑定申请，请重新加入项目。'),
  'binding-changed': fatal('该人员的绑定申请在您查看之后有变化，请看过现在的内容再操作。'),
  'team-name-taken': fatal('该项目中已有同名的班组，请换一个名称。'),
  'team-changed': fatal('该班组刚被修改过，请看过现在的内容再操作。'),
  'team-gone': fatal('该班组已被删除，请重新选择班组。'),
  'identity-check-own': fatal('不能核验本人，请由本单位的其他账号办理。'),
  'identity-check-changed': fatal('身份证人像面或正面照在您查看之后有变化，或者还没有上传，请看过现在的照片再核验。'),
  'identity-check-passed': fatal('该人员已经完成身份核验，不需要再办理。'),
  'identity-check-waits': fatal('该人员已有一次非人脸核验在等待第二人复核。'),
  'identity-check-same-account': fatal('复核须由另一位人员办理：核验和复核不能是同一个账号。'),
  'identity-check-closed': fatal('这次核验已经复核过，没有再作处理。'),
  'binding-registration-pending': fatal('该人员的登记还在审核中，登记审核通过后才能通过绑定申请。'),
} as const

/** 项目二维码. */
export const posterErrors = {
  'project-closed': fatal('该项目已竣工、已撤回，或者本单位已退出，不能再生成项目二维码。'),
  'poster-not-contractor': fatal('项目二维码由施工单位生成，供本单位现场作业人员扫码填报。本单位不是施工单位，不能生成。'),
  'poster-code-stopped': fatal('该项目的二维码已停用。需要继续使用时，请重新生成；已张贴的旧海报不会恢复。'),
  'poster-code-changed': fatal('该项目的二维码刚被本单位其他人换发或停用，没有再作改动。请看过现在的二维码后再试。'),
  'poster-needs-network': retriable('生成、换发和停用项目二维码需要连接服务器，现在连不上。请联网后再试；已张贴的海报照常使用。'),
  'poster-gone': retriable('这份海报已经失效，请关闭窗口后重新打开。'),
  'pdf-unavailable': fatal('没有找到用来生成PDF的浏览器，请联系管理员安装。'),
  'pdf-failed': retriable('PDF没有生成成功，请重试；若仍不成功，请减少一次选择的项目。'),
} as const
