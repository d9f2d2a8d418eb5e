import { ElButton, ElCascader, ElCol, ElDatePicker, ElForm, ElFormItem, ElInput, ElOption, ElRow, ElSelect, ElTable, ElTableColumn } from 'element-plus'
import { defineComponent, h, reactive, type Component, type PropType, type VNode } from 'vue'
import { dictionaries, type DictionaryName } from '../../../shared/dictionaries/index.ts'
import { personFieldNames, personFieldTable, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { personTables, tableColumns, tableNames } from '../../../shared/domain/person-tables.ts'
import type { Region } from '../../../shared/domain/regions.ts'

// Without the types of their properties, which `h` reads more strictly than a template does.
const option: Component = ElOption
const cascader: Component = ElCascader

interface Option {
  readonly value: string
  readonly label: string
  readonly children?: Option[]
}

function optionOf({ code, path, children }: Region): Option {
  return { value: code, label: path.at(-1) ?? '', ...(children.length > 0 && { children: children.map(optionOf) }) }
}

/** Whatever `model` holds under `name`, with the control that Element Plus has for it. */
function control(input: { readonly kind: string; readonly dictionary?: DictionaryName }, model: Record<string, unknown>, name: string, regions: Option[]): VNode {
  const bound = { 'modelValue': model[name] as string, 'onUpdate:modelValue': (value: unknown) => (model[name] = value) }
  switch (input.kind) {
    case 'dictionary': {
      const entries = input.dictionary ? dictionaries[input.dictionary].entries : []
      return h(ElSelect, { ...bound, filterable: true }, () => entries.map(({ code, label }) => h(option, { key: code, value: code, label })))
    }
    case 'date':
      return h(ElDatePicker, { ...bound, valueFormat: 'YYYY-MM-DD' })
    case 'region':
      return h(cascader, { ...bound, options: regions, props: { emitPath: false }, filterable: true })
    default:
      return h(ElInput, bound)
  }
}

/** The fields and sub-tables of 人员基本信息 by the book: el-form with rules, a picker for each date, a cascader for each region. */
export const NaiveForm = defineComponent({
  props: { filled: { type: Object as PropType<PersonValues>, required: true }, provinces: { type: Array as PropType<readonly Region[]>, required: true } },
  setup(props) {
    const values = reactive<Record<string, unknown>>(structuredClone(props.filled))
    const regions = props.provinces.map(optionOf)
    const rules = Object.fromEntries(personFieldNames.map((name) => [name, [{ required: personFieldTable[name].required, message: `请填写${personFieldTable[name].label}。`, trigger: 'blur' }]]))
    const fields = () =>
      personFieldNames.map((name) =>
        h(ElCol, { key: name, span: 12 }, () => h(ElFormItem, { label: personFieldTable[name].label, prop: name }, () => control(personFieldTable[name].input, values, name, regions))),
      )
    const tables = () =>
      tableNames.map((table) => [
        h('h2', personTables[table].label),
        h(ElTable, { data: values[table] as Record<string, unknown>[], border: true }, () => [
          h(ElTableColumn, { type: 'index', label: '序号', width: 60 }),
          ...Object.entries(tableColumns[table]).map(([name, { label, input }]) =>
            h(ElTableColumn, { key: name, label }, { default: ({ row }: { row: Record<string, unknown> }) => control(input, row, name, regions) }),
          ),
          h(ElTableColumn, { label: '操作', width: 80 }, { default: () => h(ElButton, { link: true, type: 'danger' }, () => '删除') }),
        ]),
      ])
    return () => h(ElForm, { model: values, rules, labelWidth: '140px' }, () => [h(ElRow, { gutter: 20 }, fields), ...tables()])
  },
})
