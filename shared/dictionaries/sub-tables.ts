import type { Dictionary } from './dictionary.ts'

export const relation: Dictionary = {
  title: '与本人关系',
  source: 'No list of the national platform found: our own.',
  entries: [
    { code: '1', label: '配偶', gb: null, mohurd: null, aliases: ['丈夫', '妻子', '夫妻'] },
    { code: '2', label: '父母', gb: null, mohurd: null, aliases: ['父亲', '母亲', '父', '母'] },
    { code: '3', label: '子女', gb: null, mohurd: null, aliases: ['儿子', '女儿', '子', '女'] },
    { code: '4', label: '兄弟姐妹', gb: null, mohurd: null, aliases: ['兄弟', '姐妹', '哥哥', '弟弟', '姐姐', '妹妹'] },
    { code: '5', label: '其他亲属', gb: null, mohurd: null, aliases: ['亲属', '亲戚'] },
    { code: '6', label: '同事', gb: null, mohurd: null },
    { code: '7', label: '朋友', gb: null, mohurd: null },
    { code: '9', label: '其他', gb: null, mohurd: null },
  ],
}

export const graduated: Dictionary = {
  title: '是否毕业',
  source: 'Manual 4.1; no standard: our own list.',
  entries: [
    { code: '1', label: '是', gb: null, mohurd: null, aliases: ['毕业', '已毕业'] },
    { code: '0', label: '否', gb: null, mohurd: null, aliases: ['未毕业', '在读', '肄业', '结业'] },
  ],
}

export const titleLevel: Dictionary = {
  title: '职称等级',
  source: 'credential_level of the national platform for 初级 to 高级; the two of skilled workers (国家职业资格) are ours. Public copies of GB/T 8561 contradict one another.',
  entries: [
    { code: '1', label: '初级', gb: null, mohurd: '1', aliases: ['员级', '助理级', '初级工'] },
    { code: '2', label: '中级', gb: null, mohurd: '2', aliases: ['中级工'] },
    { code: '3', label: '高级', gb: null, mohurd: '3', aliases: ['副高级', '正高级', '高级工'] },
    { code: '4', label: '技师', gb: null, mohurd: null },
    { code: '5', label: '高级技师', gb: null, mohurd: null },
  ],
}
