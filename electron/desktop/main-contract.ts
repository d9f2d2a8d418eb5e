import * as v from 'valibot'
import { matchThresholdsSchema } from '../../shared/domain/face/matching.ts'
import { coloursSchema } from '../../shared/contract/display.contract.ts'
import { method } from '../../shared/wire/contract.ts'
import { longestLockAfterMinutes } from '../host/ports.ts'

const base64 = v.pipe(v.string(), v.base64(), v.maxLength(100_000))
const processId = v.strictObject({ id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })
const done = v.strictObject({})

const dialogOptions = {
  title: v.pipe(v.string(), v.maxLength(100)),
  filters: v.array(v.strictObject({ name: v.string(), extensions: v.array(v.string()) })),
}

/** What only Electron's main process can do, as the host process asks for it over their control port. */
export const mainContract = {
  secrets: {
    methods: {
      seal: method(v.strictObject({ plain: base64 }), v.strictObject({ sealed: base64 })),
      unseal: method(v.strictObject({ sealed: base64 }), v.strictObject({ plain: base64 })),
    },
    events: {},
  },
  dialogs: {
    methods: {
      openFile: method(v.strictObject(dialogOptions), v.strictObject({ path: v.nullable(v.string()) })),
      openDocuments: method(v.strictObject({ ...dialogOptions, multiple: v.boolean() }), v.strictObject({ paths: v.array(v.string()) })),
      saveFile: method(v.strictObject({ ...dialogOptions, suggestedName: v.pipe(v.string(), v.maxLength(200)) }), v.strictObject({ path: v.nullable(v.string()) })),
    },
    events: {},
  },
  printing: {
    methods: {
      /** Of a document that the host has made; nothing personal stands in posters. */
      toPdf: method(v.strictObject({ html: v.pipe(v.string(), v.maxLength(2 << 20)) }), v.strictObject({ pdf: v.pipe(v.string(), v.base64()) }), ['pdf-failed']),
    },
    events: {},
  },
  window: {
    methods: { showColours: method(v.strictObject({ colours: coloursSchema }), done) },
    events: {},
  },
  keyProcess: {
    methods: {
      /** The port to it follows as a `key-port` message with the same id. */
      start: method(processId, done),
      kill: method(processId, done),
    },
    events: { exited: processId },
  },
} as const

export const lockAfterMinutesSchema = v.pipe(v.number(), v.minValue(1), v.maxValue(longestLockAfterMinutes))

const settings = v.strictObject({
  version: v.string(),
  data: v.string(),
  resources: v.string(),
  centralUrl: v.string(),
  centralCa: v.nullable(v.string()),
  allowPlainHttp: v.boolean(),
  tokenDriver: v.nullable(v.string()),
  lockAfterMinutes: lockAfterMinutesSchema,
  faceThresholds: matchThresholdsSchema,
  /** Folder of the operator's own presentation-attack model: docs/face.md. */
  faceAttackModel: v.nullable(v.string()),
  /** The file of a unit's recovery key, for a start that recovers its local data: docs/recovery.md. */
  recoveryKeyFile: v.nullable(v.string()),
})
export type HostSettings = v.InferOutput<typeof settings>

/** What main posts to the host process; `start`, `page` and `key-port` bring one message port each. */
export const hostMessage = v.variant('kind', [
  v.strictObject({ kind: v.literal('start'), settings }),
  v.strictObject({ kind: v.literal('page') }),
  v.strictObject({ kind: v.literal('key-port'), id: v.number() }),
  v.strictObject({ kind: v.literal('stop') }),
])
export type HostMessage = v.InferOutput<typeof hostMessage>
