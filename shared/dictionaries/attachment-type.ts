import type { Dictionary } from './dictionary.ts'

export const attachmentType: Dictionary = {
  title: '上传类型',
  source: 'Manual 4.1 names 身份证, 正面照 and 社保缴费证明; the others follow its sub-tables. No standard found: our own list.',
  entries: [
    { code: '01', label: '身份证人像面', gb: null, mohurd: null, aliases: ['身份证正面'] },
    { code: '02', label: '身份证国徽面', gb: null, mohurd: null, aliases: ['身份证反面', '身份证背面'] },
    { code: '03', label: '正面照', gb: null, mohurd: null, aliases: ['正证照', '正照'] },
    { code: '11', label: '社保缴费证明', gb: null, mohurd: null, aliases: ['社保证明'] },
    { code: '12', label: '学历证书', gb: null, mohurd: null },
    { code: '13', label: '职称证书', gb: null, mohurd: null },
    { code: '14', label: '执业证书', gb: null, mohurd: null },
    { code: '15', label: '劳动合同', gb: null, mohurd: null },
    { code: '21', label: '企业资质证书', gb: null, mohurd: null, aliases: ['资质证书'] },
    { code: '22', label: '营业执照', gb: null, mohurd: null },
    { code: '99', label: '其他', gb: null, mohurd: null },
  ],
}
