import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { FacePerson } from '../../../../shared/contract/faces.contract.ts'
import { faceWarnFrom } from '../../../../shared/domain/face/storage.ts'
import type { StoredRecord } from '../../database/record.repository.ts'
import { countTemplates, findTemplate } from '../../faces/face.repository.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import { createLocalWork } from '../local-work.ts'
import { compareFace, requireConsent } from './compare.ts'
import { keepConsent, withdrawConsent } from './consent.ts'
import { crewOf } from './crew.ts'
import { enrolFace } from './enrol.ts'
import { facePersonOf, requireRecord } from './face-person.ts'
import type { FacesContext } from './faces-context.ts'

/** 人脸识别 of the open unit. @param inTurn writes run one after another: who was enrolled a moment ago is compared with whoever comes next */
export function createFacesService(context: FacesContext, inTurn: <T>(task: () => Promise<T>) => Promise<T>): BridgeServices['faces'] {
  const { local, store, clock, changed, wakeSync } = context
  const { guarded, today } = createLocalWork(local, clock, context.damaged)

  const ofPerson = <T>(recordId: string, task: (file: FaceFile, record: StoredRecord) => Promise<T>): Promise<T> =>
    guarded(() => store.ask(async (file) => task(file, await requireRecord(local.db, recordId))))

  const shown = ({ recordId, projectId }: { recordId: string; projectId: string | null }): Promise<FacePerson> =>
    ofPerson(recordId, (file, record) => facePersonOf(local.db, file, record, projectId, clock.now()))

  async function write(place: { recordId: string; projectId: string | null }, task: (file: FaceFile, record: StoredRecord) => Promise<void>): Promise<FacePerson> {
    try {
      await inTurn(() => ofPerson(place.recordId, task))
    } finally {
      // A face that was refused is an event too.
      changed([place.recordId])
    }
    wakeSync()
    return shown(place)
  }

  return {
    state: () => guarded(() => store.ask(async ({ db }) => ({ stored: await countTemplates(db), warnFrom: faceWarnFrom }))),
    crew: ({ projectId }) => guarded(() => crewOf(local.db, projectId, today())),
    person: (place) => shown(place),
    giveConsent: ({ choice, ...place }) => write(place, (file, record) => keepConsent(context, file, record, choice)),
    withdraw: ({ reason, ...place }) => write(place, (file, record) => withdrawConsent(context, file, record, reason)),
    compare: ({ recordId, ...captured }) =>
      inTurn(() =>
        ofPerson(recordId, async (file, record) => {
          await requireConsent(file, recordId)
          return compareFace(context, file, record, captured)
        }),
      ),
    enrol: (input) => write(input, (file, record) => enrolFace(context, file, record, input)),
    picture: ({ recordId }) =>
      ofPerson(recordId, async ({ db }) => {
        const template = await findTemplate(db, recordId)
        return { picture: template?.picture ? Buffer.from(template.picture).toString('base64') : null }
      }),
  }
}
