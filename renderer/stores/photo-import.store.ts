import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { mostPhotoNames, type PhotoMatch } from '../../shared/contract/photo-matches.ts'
import { labelOf } from '../../shared/dictionaries/index.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge } from '../bridge/bridge.ts'
import { toAppError } from '../bridge/failure.ts'
import { handOver } from './attachment-pieces.ts'
import { rosterPhoto } from './roster-photo.ts'
import { looseFile, mostPhotos, openPhotoZip, requireReadable, type PhotoSource } from './photo-zip.ts'
import { headBytes, prepareFile, requireKind } from './prepared-file.ts'

/** A file of the dry run. */
export interface PhotoItem {
  /** Its place in the list. */
  readonly index: number
  readonly path: string
  readonly match: PhotoMatch
  /** `twice`: another file is the same photo of the same person. `has`: they have that photo already. */
  readonly kind: 'ready' | 'has' | 'twice' | 'refused'
  /** Why the file itself cannot be taken. */
  readonly problem: AppError | null
  readonly wanted: boolean
  /** What came of it. */
  readonly outcome: 'added' | AppError | null
}

/** After these nothing else would go better. */
const endsAll = ['not-signed-in', 'locked', 'local-full', 'local-read-only', 'call-closed'] as const

/** Photos of many people at once: looked through first, then added as the form adds one. The files stay in this page. */
export const usePhotoImportStore = defineStore('photo-import', () => {
  const phase = ref<'idle' | 'reading' | 'preview' | 'adding' | 'done' | 'refused'>('idle')
  const source = ref('')
  const items = shallowRef<readonly PhotoItem[]>([])
  /** Of the whole, or what ended it early. */
  const failure = shallowRef<AppError | null>(null)
  const progress = ref({ done: 0, total: 0 })
  let sources: readonly PhotoSource[] = []
  /** Counts what is begun: what comes late from something that is no longer wanted is dropped. */
  let turn = 0
  let stopping = false

  function begin(name: string): number {
    source.value = name
    items.value = []
    failure.value = null
    phase.value = 'reading'
    return ++turn
  }

  /** A ZIP, or photos as they are. */
  async function read(files: readonly File[]): Promise<void> {
    const [first] = files
    if (!first) return
    const isZip = files.length === 1 && !isPicture(first)
    const mine = begin(files.length === 1 ? first.name : `${files.length}张照片`)
    try {
      if (files.length > mostPhotos) throw new AppError('photos-too-many', { most: mostPhotos })
      const found = isZip ? await openPhotoZip(first) : files.map(looseFile)
      await look(found, await matchesOf(found), mine)
    } catch (error) {
      if (mine !== turn) return
      failure.value = toAppError(error)
      phase.value = 'refused'
    }
  }

  /** Pictures in the rows of the roster that has just been imported: looked through as files are, and added at once. */
  async function addFromRoster(): Promise<void> {
    const mine = begin('名册中的照片')
    try {
      const { photos } = await bridge.roster.photos({})
      if (photos.length === 0) return forget()
      await look(photos.map(rosterPhoto), photos.map(({ match }) => match), mine)
      if (mine === turn) await add()
    } catch (error) {
      if (mine !== turn) return
      failure.value = toAppError(error)
      phase.value = 'refused'
    }
  }

  async function matchesOf(found: readonly PhotoSource[]): Promise<PhotoMatch[]> {
    const matches: PhotoMatch[] = []
    for (let from = 0; from < found.length; from += mostPhotoNames) {
      const names = found.slice(from, from + mostPhotoNames).map(({ path }) => path.slice(-1_000))
      matches.push(...(await bridge.attachments.matchPhotos({ names })).matches)
    }
    return matches
  }

  async function look(found: readonly PhotoSource[], matches: readonly PhotoMatch[], mine: number): Promise<void> {
    const looked: PhotoItem[] = []
    for (const [index, each] of found.entries()) {
      const match = matches[index] ?? { outcome: 'unnamed' }
      const problem = await problemOf(each, match)
      if (mine !== turn) return
      const kind = problem || match.outcome !== 'matched' ? 'refused' : match.has ? 'has' : 'ready'
      looked.push({ index, path: each.path, match, kind, problem, wanted: kind === 'ready', outcome: null })
      progress.value = { done: index + 1, total: found.length }
    }
    sources = found
    items.value = withTwins(looked)
    phase.value = 'preview'
  }

  function choose(item: PhotoItem, wanted: boolean): void {
    // One of each: choosing one of two gives the other up.
    items.value = items.value.map((each) => (each.index === item.index ? { ...each, wanted } : wanted && placeOf(each) !== null && placeOf(each) === placeOf(item) ? { ...each, wanted: false } : each))
  }

  async function add(): Promise<void> {
    const mine = turn
    const chosen = items.value.filter(({ wanted, outcome }) => wanted && outcome !== 'added')
    stopping = false
    failure.value = null
    phase.value = 'adding'
    progress.value = { done: 0, total: chosen.length }
    for (const item of chosen) {
      if (stopping) break
      const outcome = await addOne(item).then(() => 'added' as const, toAppError)
      if (mine !== turn) return
      if (AppError.is(outcome, ...endsAll)) {
        failure.value = outcome
        break
      }
      items.value = items.value.map((each) => (each.index === item.index ? { ...each, outcome } : each))
      progress.value = { done: progress.value.done + 1, total: chosen.length }
    }
    phase.value = 'done'
  }

  async function addOne({ index, match }: PhotoItem): Promise<void> {
    const photo = sources[index]
    if (!photo || match.outcome !== 'matched') return
    // Not its own name: a number may stand in it.
    const file = new File([await photo.content()], `${labelOf('attachmentType', match.type)}.jpg`)
    const prepared = await prepareFile(file, match.type)
    await handOver({ recordId: match.recordId, type: match.type, proofDate: null, file: prepared }, () => undefined)
  }

  function forget(): void {
    turn++
    stopping = true
    sources = []
    phase.value = 'idle'
    source.value = ''
    items.value = []
    failure.value = null
  }

  return {
    phase,
    source,
    items,
    failure,
    progress,
    wanted: computed(() => items.value.filter(({ wanted, outcome }) => wanted && outcome !== 'added').length),
    read,
    addFromRoster,
    choose,
    add,
    /** What is under way is finished. */
    stop: () => {
      stopping = true
    },
    forget,
  }
})

/** Chromium knows no type of Apple's pictures. */
const isPicture = ({ type, name }: File) => type.startsWith('image/') || /\.(?:heic|heif)$/i.test(name)

/** Whether what was dropped on the page is photos and no roster. */
export const arePhotos = (files: readonly File[]): boolean => files.length > 1 || files.some((file) => isPicture(file) || /\.(?:zip|rar|7z)$/i.test(file.name))

async function problemOf(photo: PhotoSource, match: PhotoMatch): Promise<AppError | null> {
  try {
    requireReadable(photo)
    // Of the others the name alone says enough.
    if (match.outcome === 'matched') requireKind(await photo.head(Math.min(headBytes, photo.size)), match.type)
    return null
  } catch (error) {
    return toAppError(error)
  }
}

/** The place a photo would take; null where it takes none. */
const placeOf = ({ match, kind }: PhotoItem) => (match.outcome === 'matched' && kind !== 'refused' ? `${match.recordId}/${match.type}` : null)

function withTwins(looked: readonly PhotoItem[]): PhotoItem[] {
  const count = new Map<string, number>()
  for (const item of looked) {
    const place = placeOf(item)
    if (place !== null) count.set(place, (count.get(place) ?? 0) + 1)
  }
  return looked.map((item) => ((count.get(placeOf(item) ?? '') ?? 0) > 1 ? { ...item, kind: 'twice', wanted: false } : item))
}
