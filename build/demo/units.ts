import type { AccountRole, OrganizationKind } from '../../shared/domain/statuses.ts'

/** The units of the demonstration. All of them, their people and their numbers are invented. */

export const demoPassword = 'Xiushan-demo-1'
export const demoPin = '123456'

export interface DemoAccount {
  readonly username: string
  readonly displayName: string
  readonly role: AccountRole
  /** 登记审核, of the two other units' people. */
  readonly reviewsRegistrations?: true
}

export interface DemoUnit {
  readonly key: 'contractor' | 'implementer' | 'supervisor'
  readonly name: string
  readonly kind: OrganizationKind
  readonly creditCode: string
  readonly address: string
  readonly contactName: string
  readonly contactPhone: string
  readonly accounts: readonly DemoAccount[]
  readonly lock: {
    readonly label: string
    readonly algorithm: 'RSA-2048' | 'P-256'
    /** Its certificate ran out a month ago: the list of locks shows why it cannot be used. */
    readonly expired?: true
    /** User names of the accounts that its certificate is bound to. */
    readonly boundTo: readonly string[]
  }
}

/** The 主体标识码 of each begins with DEM: no registry has issued such a one. */
export const demoUnits: readonly DemoUnit[] = [
  {
    key: 'contractor',
    name: '上海申修建设工程有限公司',
    kind: 'contractor',
    creditCode: '91310104DEM000014T',
    address: '上海市徐汇区示例路100号',
    contactName: '王建国',
    contactPhone: '021-00000001',
    accounts: [
      { username: 'zhangmin', displayName: '张敏', role: 'clerk' },
      { username: 'liqiang', displayName: '李强', role: 'clerk' },
      { username: 'wangjianguo', displayName: '王建国', role: 'unit-admin' },
    ],
    // One lock, two clerks: after the PIN the clerk chooses the account.
    lock: { label: 'SHENXIU', algorithm: 'RSA-2048', boundTo: ['zhangmin', 'liqiang'] },
  },
  {
    key: 'implementer',
    name: '上海申居房屋修缮管理有限公司',
    kind: 'implementer',
    creditCode: '91310106DEM000022J',
    address: '上海市静安区示例路200号',
    contactName: '陈静',
    contactPhone: '021-00000002',
    accounts: [{ username: 'chenjing', displayName: '陈静', role: 'unit-admin', reviewsRegistrations: true }],
    lock: { label: 'SHENJU', algorithm: 'P-256', boundTo: ['chenjing'] },
  },
  {
    key: 'supervisor',
    name: '上海申衡工程监理有限公司',
    kind: 'supervisor',
    creditCode: '91310110DEM0000306',
    address: '上海市杨浦区示例路300号',
    contactName: '周伟',
    contactPhone: '021-00000003',
    accounts: [{ username: 'zhouwei', displayName: '周伟', role: 'unit-admin' }],
    lock: { label: 'SHENHENG', algorithm: 'P-256', expired: true, boundTo: ['zhouwei'] },
  },
]
