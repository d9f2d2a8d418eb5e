import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { workerValues } from '../../support/people.ts'
import { bridgeModule, id, placeForm, resetHost } from './form-host.ts'

vi.mock('../../../renderer/bridge/bridge.ts', () => bridgeModule)
vi.mock('vue-router', () => ({ useRouter: () => ({ push: () => undefined }) }))

const { useManagerFormStore } = await import('../../../renderer/stores/manager-form.store.ts')
const { default: BasicInformation } = await import('../../../renderer/pages/manager-register/basic-information.vue')
const { default: SubTable } = await import('../../../renderer/pages/manager-register/sub-table.vue')
const { default: SectionIndex } = await import('../../../renderer/pages/manager-register/section-index.vue')
const { default: RegistrationReading } = await import('../../../renderer/components/review/registration-reading.vue')
const { default: TablesReading } = await import('../../../renderer/components/review/tables-reading.vue')

async function openWorker(changes = {}) {
  placeForm(workerValues(3, changes), 'worker')
  const store = useManagerFormStore()
  await store.open(id)
  return store
}

/** Element Plus and the fields behind the bridge are not what is asked about here. */
const shallow = { global: { stubs: { 'el-input': true, 'manager-field': true, 'form-field': true, 'table-cell': true } } }

beforeEach(() => {
  setActivePinia(createPinia())
  resetHost()
})

describe('the form of a worker', () => {
  it('has the fields of the manual 5.3, in its pairs', async () => {
    await openWorker()
    const page = mount(BasicInformation, shallow)
    const shown = page.findAll('.basic-information > *').map((cell) => cell.attributes('name') ?? cell.attributes('label'))
    expect(shown).toEqual([
      'name', 'formerName', 'jobPosition', 'workType', 'sex', 'birthDate', 'ethnicity', 'politicalStatus', 'idCardNo', '年龄', 'hukouType', 'hukouRegion',
      'residenceRegion', 'residenceDetail', 'nativePlace', 'mobile',
    ])
  })

  it('has its sections, its own labels, and no 附件上传', async () => {
    const store = await openWorker()
    const index = mount(SectionIndex)
    expect(index.findAll('button').map((button) => button.text().replace(/[\d✓]+$/, ''))).toEqual([
      '人员基本信息', '教育经历', '紧急联系人', '培训经历', '职业技能', '特种作业操作证', '获奖情况', '修缮工程工作经历', '人员相片',
    ])
    store.rows.add('skillTitles')
    await nextTick()
    const skills = mount(SubTable, { props: { table: 'skillTitles' as const }, ...shallow })
    expect(skills.findAll('th').map((head) => head.text())).toEqual(['序号', '职位名称*', '职称等级', '授予单位', '职称取得时间', '备注', '操作'])
  })

  it('says what a worker lacks, and nothing of what only managers have', async () => {
    const store = await openWorker({ workType: '130', mobile: '' })
    store.showAll = true
    await flushPromises()
    expect(store.shownProblems).toEqual({ workType: '建筑电工须持证上岗，请在“特种作业操作证”中填写“建筑电工”类的证书。', mobile: '请填写联系电话。' })
  })

  it('is read by a reviewer with the same fields and tables', () => {
    const values = workerValues(3)
    const fields = mount(RegistrationReading, { props: { personType: 'worker' as const, values, organizationName: '甲修缮有限公司' } })
    const labels = fields.findAll('dt').map((label) => label.text())
    expect(labels).toContain('工种')
    expect(labels).not.toContain('婚姻状况')
    expect(fields.text()).toContain('木工')
    const tables = mount(TablesReading, { props: { personType: 'worker' as const, tables: values } })
    expect(tables.findAll('h3').map((title) => title.text().replace('未填写', ''))).toEqual(['教育经历', '紧急联系人', '培训经历', '职业技能', '特种作业操作证', '获奖情况'])
  })
})
