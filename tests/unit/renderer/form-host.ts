import { emptyPersonValues, type PersonValues } from '../../../shared/domain/person-fields.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { RegistrationForm } from '../../../shared/contract/registrations.contract.ts'

interface Input {
  id: string
  values: PersonValues
  revision: number
}

export const id = '018f0000-0000-7000-8000-0000000000f1'

/** Passes every check. */
export const whole: Partial<PersonValues> = {
  jobPosition: '施工员', professionalTitle: '工程师', sex: '2', birthDate: '1949-12-31', ethnicity: '01', idCardNo: '11010519491231002X', hukouRegion: '310104',
  residenceRegion: '310115', residenceDetail: '示例路1号', nativePlace: '310104', highestEducation: '06', mobile: '13812345678',
}

const start = () => ({ keeps: 0, submits: 0, discards: 0, asked: [] as unknown[], owner: { outcome: 'free', transferIn: false } as unknown, here: '', settled: {} as Partial<RegistrationForm> })

/** A host with one registration, as strict about revisions as the real one. */
export const host = {
  form: null as RegistrationForm | null,
  changed: [] as ((data: { ids: string[] | null }) => void)[],
  /** What it was asked to do, whose an ID number is, who has the number of this registration, and what a settled conflict leaves. */
  ...start(),
}

export function resetHost(): void {
  host.changed.length = 0
  Object.assign(host, start())
}

/** Puts the registration there, as a page would open it. */
export function placeForm(values: Partial<PersonValues> = {}, personType: PersonType = 'manager'): void {
  host.form = {
    id, personType, values: { ...emptyPersonValues(), name: '王芳', ...values }, revision: 1, hasDraft: false, isOnlyDraft: false, departure: null, syncState: 'uploaded', reviewStatus: 'pending',
    employmentStatus: 'employed', returnReason: null, changedElsewhere: false, keptAt: null,
  }
}

export function stored(): RegistrationForm {
  if (!host.form) throw new AppError('not-found')
  return host.form
}

/** Somebody else writes the same registration: another window, or a pull. */
export function elsewhere(change: Partial<PersonValues>): void {
  host.form = { ...stored(), values: { ...stored().values, ...change }, revision: stored().revision + 1 }
}

export function tellChange(): void {
  for (const tell of host.changed) tell({ ids: [id] })
}

function write(input: Input, change: Partial<RegistrationForm>): RegistrationForm {
  if (input.revision !== stored().revision) throw new AppError('draft-stale')
  host.form = { ...stored(), values: input.values, revision: stored().revision + 1, ...change }
  return stored()
}

/** In place of renderer/bridge/bridge.ts. */
export const bridgeModule = {
  bridge: {
    registrations: {
      open: async () => structuredClone(stored()),
      keepDraft: async (input: Input) => {
        host.keeps++
        const { revision } = write(input, { hasDraft: true })
        return { revision, keptAt: '2026-11-25T02:00:00.000Z' }
      },
      save: async (input: Input) => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return write({ ...input, values: { ...input.values, name: input.values.name.trim() } }, { hasDraft: false })
      },
      submit: async (input: Input) => {
        if (host.here !== '') throw new AppError('registration-here', { id: host.here })
        const answer = write(input, { hasDraft: false, syncState: 'queued' })
        host.submits++
        return answer
      },
      resolveConflict: async () => {
        host.form = { ...stored(), ...host.settled, revision: stored().revision + 1 }
        return structuredClone(stored())
      },
      checkIdCardNo: async (input: unknown) => {
        host.asked.push(input)
        return host.owner
      },
      discardDraft: async () => {
        stored()
        host.discards++
        return {}
      },
    },
  },
  onHostEvent: (_group: string, _event: string, listener: (data: { ids: string[] | null }) => void) => void host.changed.push(listener),
  onHostReconnected: () => undefined,
}
