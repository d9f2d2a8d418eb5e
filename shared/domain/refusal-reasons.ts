/** 拒绝迁出 for reasons that come up again and again; they may be changed, and others written. Ours: the manual has no list. */
export const refusalReasons = ['该人员仍在本单位任职。', '该人员尚未办完离职手续，办完后再申请。', '该人员仍绑定在本单位在建项目上，解除后再申请。', '所填姓名与登记的不一致，请核对后再申请。'] as const
