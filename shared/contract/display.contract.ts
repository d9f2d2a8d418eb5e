import * as v from 'valibot'
import { method } from '../wire/contract.ts'
import { done, noInput } from './common.ts'

/** 颜色. `system`: as Windows has it, and with it when that changes. */
export const coloursSchema = v.picklist(['light', 'dark', 'system'])
/** 字号: how large everything is, 100 %, 115 % and 130 % (renderer/theme/text-size.css). */
export const textSizeSchema = v.picklist(['standard', 'large', 'largest'])

/** 显示设置 of this workstation, whoever is signed in or nobody is. */
export const displaySettingsSchema = v.strictObject({ colours: coloursSchema, textSize: textSizeSchema })
export type DisplaySettings = v.InferOutput<typeof displaySettingsSchema>

/** Where nobody has chosen. Whose Windows is dark has all other programs dark, and Windows itself comes light. */
export const usualDisplaySettings: DisplaySettings = { colours: 'system', textSize: 'standard' }

export const displayGroup = {
  methods: {
    settings: method(noInput, displaySettingsSchema),
    /** Keeps them on this workstation; every open window follows. */
    change: method(displaySettingsSchema, done, ['local-full', 'local-read-only']),
  },
  events: { changed: displaySettingsSchema },
} as const
