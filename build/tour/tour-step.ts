import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test'
import type { DemoUnit } from '../demo/units.ts'
import type { Demo } from '../start/demo.ts'
import type { CentralOffice } from './central-office.ts'

/** A workstation and the one page on it. */
export interface Workstation {
  /** Another one after each start. */
  readonly page: Page
  /** As a power cut or a kill -9 ends it. The page stays open and has nobody to talk to. */
  kill(): Promise<void>
  /** Starts it again on the same data and opens its page. */
  start(): Promise<void>
}

/** What a step of the tour may look at and do. */
export interface Tour {
  readonly demo: Demo
  /** The page of the first workstation. */
  readonly page: Page
  readonly workstation: Workstation
  /** One more workstation, with local data and a browser of its own: another clerk's, or another unit's. */
  anotherWorkstation(name: string): Promise<Workstation>
  /** A browser that is no workstation: a phone's. */
  anotherBrowser(options: BrowserContextOptions): Promise<BrowserContext>
  /** Between every workstation and the central service. */
  readonly network: { cut(): void; restore(): void }
  /** Which CA locks are plugged in; the contractor's alone at first. All workstations see the same ones. */
  readonly locks: { pull(unit: DemoUnit['key']): void; plug(unit: DemoUnit['key']): void }
  /** What the central service's operator sees and decides. */
  readonly centralOffice: CentralOffice
}

/**
 * One thing that the product can do, shown. A capability joins the tour with a file in `steps/` and a line in
 * `steps/index.ts`. Each step leaves a screenshot, numbered in the order of that list.
 */
export interface TourStep {
  /** For the file name: lower case, words joined by hyphens. */
  readonly name: string
  /** What is about to happen. */
  readonly says: string
  /** Name of the picture in docs/pictures that it is to become, by `npm run tour -- --pictures`. */
  readonly docsPicture?: string
  /** Does it and checks it. @returns the outcome in a line @throws where the product does not do what it should */
  play(tour: Tour): Promise<string>
  /** The page to take the picture of, where it is not the first workstation's. */
  picture?(tour: Tour): Page | undefined
}
