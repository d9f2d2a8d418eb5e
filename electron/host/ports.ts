import type { MatchThresholds } from '../../shared/domain/face/matching.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import type { DisplaySettings } from '../../shared/contract/display.contract.ts'
import type { IdCardReader } from './id-card-reader/id-card-reader.ts'

/**
 * Everything the host needs of the shell it runs in. A shell supplies these and a transport to the page; the host never
 * asks which shell it is.
 */
export interface HostPorts {
  readonly shell: 'electron' | 'browser'
  readonly version: string
  readonly paths: {
    /** Where local data lives; exists, private to the user. */
    readonly data: string
    /** Read-only files that ship with the program. */
    readonly resources: string
  }
  readonly config: WorkstationConfig
  readonly secrets: SecretStore
  /** Starts the CA key process. Each call starts another; `kill` ends it at once, however stuck it is. */
  startKeyProcess(): KeyProcess
  readonly dialogs: {
    /** Absolute path of the file the user chose, or null. @throws AppError `dialog-unavailable` */
    openFile(options: DialogOptions): Promise<string | null>
    /**
     * Absolute paths of the documents the user chose to be read; empty where none was. Unlike `openFile` never of anything that
     * is to be loaded as a program, so the browser shell may hand over what a page brought. @throws AppError `dialog-unavailable`
     */
    openDocuments(options: DialogOptions & { multiple: boolean }): Promise<string[]>
    /**
     * Asks where to keep a file and has it written there; the path is of that write only.
     * @returns the name it got, without folders; null where the user did not want it @throws AppError `dialog-unavailable`
     */
    saveFile(options: DialogOptions & { suggestedName: string }, write: (path: string) => Promise<void>): Promise<string | null>
  }
  readonly printing: {
    /**
     * Makes a PDF of a document of ours, a page of paper each sheet, as its styles size them; vectors stay vectors. Nothing in it runs
     * and nothing is fetched for it. @throws AppError pdf-unavailable, pdf-failed
     */
    toPdf(html: string): Promise<Uint8Array>
  }
  /** Starts the thread that reads and writes rosters (electron/host/roster). Each call starts another; `kill` ends it at once. */
  startRosterReader(): WorkerThread
  /** Starts the thread that looks through enrolled faces (electron/host/faces/scan). As above. */
  startFaceScan(): WorkerThread
  /** Of ID cards; absent where this workstation has none. */
  readonly idCardReader?: IdCardReader
  /** Tells the shell which colours were chosen, for what of the window is not the page; absent where that is none of its business. */
  readonly showColours?: (colours: DisplaySettings['colours']) => void
  readonly clock: Clock
  readonly log: Log
}

export interface WorkstationConfig {
  /** https origin of the central service; also the audience that CA locks sign. */
  readonly centralUrl: string
  /** PEM certificates that the central service's must chain to; null: the system's. */
  readonly centralCa: string | null
  /** Lets `centralUrl` be plain http on loopback. Development only. */
  readonly allowPlainHttp: boolean
  /** The one PKCS#11 module to use besides the clerk's own choice, as an absolute path; null: look among those that are installed. */
  readonly tokenDriver: string | null
  /** The window locks after so many minutes without a hand at keyboard or mouse; absent: `usualLockAfterMinutes`. */
  readonly lockAfterMinutes?: number
  /** Of comparisons of faces, as the operator has calibrated them (docs/face-calibration.md); absent: the usual ones. */
  readonly faceThresholds?: MatchThresholds
}

export const usualLockAfterMinutes = 15
/** Nobody may leave it open for a day. */
export const longestLockAfterMinutes = 240

/** Seals small secrets for this user of this machine. */
export interface SecretStore {
  /** `safeStorage` on Electron, `keyfile` in the browser shell. */
  readonly backend: string
  seal(plain: Uint8Array): Promise<Uint8Array>
  /** @throws when the seal was made by another user, another machine, or was damaged */
  unseal(sealed: Uint8Array): Promise<Uint8Array>
}

export interface DialogOptions {
  readonly title: string
  readonly filters: { name: string; extensions: string[] }[]
}

export interface KeyProcess {
  readonly transport: Transport
  kill(): void
}

/** A thread beside the host's own, for work that would stall it. It shares no memory, only frames. */
export interface WorkerThread {
  readonly transport: Transport
  kill(): void
}

export interface Clock {
  now(): Date
}

/** Takes messages that are already free of personal data and secrets. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, error: unknown, fields?: Readonly<Record<string, unknown>>): void
}
