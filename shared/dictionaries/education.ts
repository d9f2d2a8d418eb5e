import type { Dictionary } from './dictionary.ts'

export const highestEducation: Dictionary = {
  title: '最高学历',
  source: '文化程度 of the national platform (the manual shows 本科); GB column: GB/T 4658-2006.',
  entries: [
    { code: '01', label: '小学', gb: '81', mohurd: '01', aliases: ['小学毕业'] },
    { code: '02', label: '初中', gb: '71', mohurd: '02', aliases: ['初中毕业'] },
    { code: '03', label: '高中', gb: '61', mohurd: '03', aliases: ['普通高中', '高中毕业'] },
    { code: '04', label: '中专', gb: '41', mohurd: '04', aliases: ['中等专科', '中专毕业'] },
    { code: '05', label: '大专', gb: '31', mohurd: '05', aliases: ['专科', '大学专科', '大专毕业'] },
    { code: '06', label: '本科', gb: '21', mohurd: '06', aliases: ['大学本科', '大学', '本科毕业'] },
    { code: '07', label: '硕士', gb: '14', mohurd: '07', aliases: ['硕士研究生', '研究生'] },
    { code: '08', label: '博士', gb: '11', mohurd: '08', aliases: ['博士研究生'] },
    { code: '99', label: '其他', gb: '90', mohurd: '99' },
  ],
}

export const highestEducationType: Dictionary = {
  title: '最高学历类型',
  source: 'No standard found: our own list.',
  entries: [
    { code: '1', label: '全日制', gb: null, mohurd: null },
    { code: '2', label: '非全日制', gb: null, mohurd: null },
  ],
}

export const highestDegree: Dictionary = {
  title: '最高学位',
  source: 'Labels only: public copies of GB/T 6864 contradict one another, so no GB code stands here.',
  entries: [
    { code: '1', label: '名誉博士', gb: null, mohurd: null },
    { code: '2', label: '博士', gb: null, mohurd: null },
    { code: '3', label: '硕士', gb: null, mohurd: null },
    { code: '4', label: '学士', gb: null, mohurd: null },
    { code: '9', label: '无', gb: null, mohurd: null },
  ],
}
