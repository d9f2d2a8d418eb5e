import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import RepairWorkHistory from '../../../renderer/pages/manager-register/repair-work-history.vue'

const work = {
  id: 'b1', projectNo: '2103HK0001', projectName: '虹口区某小区修缮', bidPriceWan: '1280.5', area: '36000', employerOrg: '甲修缮有限公司', projectPost: '施工员', startDate: '2024-03-01', completionDate: '', totalWorkHours: '',
}

describe('修缮工程工作经历', () => {
  it("has the manual's columns in the manual's order", () => {
    const table = mount(RepairWorkHistory, { props: { personType: 'manager' as const, rows: [] } })
    expect(table.findAll('th').map((head) => head.text())).toEqual(['序号', '项目编号', '项目名称', '中标价(万元)', '面积', '工作单位', '项目岗位', '开工日期', '竣工日期'])
  })

  it("of a worker has those of 5.3", () => {
    const table = mount(RepairWorkHistory, { props: { personType: 'worker' as const, rows: [] } })
    expect(table.findAll('th').map((head) => head.text())).toEqual(['序号', '项目编号', '项目名称', '项目投资(万元)', '工作单位', '项目岗位', '开工日期', '竣工日期', '累计工时'])
  })

  it('without rows says where they come from, and offers nothing to fill in', () => {
    const table = mount(RepairWorkHistory, { props: { personType: 'manager' as const, rows: [] } })
    expect(table.findAll('tbody tr').map((row) => row.text())).toEqual(['绑定项目并审核通过后自动列出，无需填写'])
    expect(table.findAll('input, button')).toEqual([])
  })

  it('shows what a binding tells, and a dash for what is not known', () => {
    const table = mount(RepairWorkHistory, { props: { personType: 'manager' as const, rows: [work, { ...work, id: 'b2', projectNo: '2103HK0002' }] } })
    expect(table.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))).toEqual([
      ['1', '2103HK0001', '虹口区某小区修缮', '1280.5', '36000', '甲修缮有限公司', '施工员', '2024-03-01', '–'],
      ['2', '2103HK0002', '虹口区某小区修缮', '1280.5', '36000', '甲修缮有限公司', '施工员', '2024-03-01', '–'],
    ])
  })
})
