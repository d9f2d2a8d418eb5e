import type { Dictionary } from './dictionary.ts'

export const sex: Dictionary = {
  title: '性别',
  source: 'GB/T 2261.1. The old platform model used 0 男 1 女: map it, never reuse it.',
  entries: [
    { code: '1', label: '男', gb: '1', mohurd: null },
    { code: '2', label: '女', gb: '2', mohurd: null },
  ],
}

export const politicalStatus: Dictionary = {
  title: '政治面貌',
  source: 'GB/T 4762-1984; the national platform agrees.',
  entries: [
    { code: '01', label: '中共党员', gb: '01', mohurd: '01', aliases: ['党员', '中共党员(含预备党员)'] },
    { code: '02', label: '中共预备党员', gb: '02', mohurd: '02' },
    { code: '03', label: '共青团员', gb: '03', mohurd: '03', aliases: ['团员'] },
    { code: '04', label: '民革党员', gb: '04', mohurd: '04' },
    { code: '05', label: '民盟盟员', gb: '05', mohurd: '05' },
    { code: '06', label: '民建会员', gb: '06', mohurd: '06' },
    { code: '07', label: '民进会员', gb: '07', mohurd: '07' },
    { code: '08', label: '农工党党员', gb: '08', mohurd: '08' },
    { code: '09', label: '致公党党员', gb: '09', mohurd: '09' },
    { code: '10', label: '九三学社社员', gb: '10', mohurd: '10' },
    { code: '11', label: '台盟盟员', gb: '11', mohurd: '11' },
    { code: '12', label: '无党派人士', gb: '12', mohurd: '12' },
    { code: '13', label: '群众', gb: '13', mohurd: '13' },
  ],
}

export const maritalStatus: Dictionary = {
  title: '婚姻状况',
  source: 'GB/T 2261.2-2003. The national platform orders 离异 before 丧偶 (03, 04); GB the other way round (40, 30).',
  entries: [
    { code: '10', label: '未婚', gb: '10', mohurd: '01' },
    { code: '20', label: '已婚', gb: '20', mohurd: '02' },
    { code: '21', label: '初婚', gb: '21', mohurd: null },
    { code: '22', label: '再婚', gb: '22', mohurd: null },
    { code: '23', label: '复婚', gb: '23', mohurd: null },
    { code: '30', label: '丧偶', gb: '30', mohurd: '04' },
    { code: '40', label: '离婚', gb: '40', mohurd: '03', aliases: ['离异'] },
    { code: '90', label: '未说明', gb: '90', mohurd: null },
  ],
}

export const hukouType: Dictionary = {
  title: '户口类型',
  source: 'Manual 4.1 shows 农村户口; GB column: GA/T 2000.27. The six choices are ours.',
  entries: [
    { code: '12', label: '农村户口', gb: '12', mohurd: null, aliases: ['农业家庭户口', '农业户口'] },
    { code: '11', label: '城镇户口', gb: '11', mohurd: null, aliases: ['非农业家庭户口', '非农业户口', '城市户口'] },
    { code: '21', label: '集体户口（城镇）', gb: '21', mohurd: null, aliases: ['非农业集体户口'] },
    { code: '22', label: '集体户口（农村）', gb: '22', mohurd: null, aliases: ['农业集体户口'] },
    { code: '30', label: '未落常住户口', gb: '30', mohurd: null, aliases: ['未落户'] },
    { code: '90', label: '其他', gb: '90', mohurd: null },
  ],
}

export const socialInsuranceStatus: Dictionary = {
  title: '社保情况',
  source: 'No standard found: our own list.',
  entries: [
    { code: '1', label: '已缴纳', gb: null, mohurd: null },
    { code: '2', label: '未缴纳', gb: null, mohurd: null },
    { code: '3', label: '退休返聘', gb: null, mohurd: null },
    { code: '9', label: '其他', gb: null, mohurd: null },
  ],
}
