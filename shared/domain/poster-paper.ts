/** Papers that a poster is printed on, and from how far it is meant to be read. */
export const posterPapers = ['A4', 'A3'] as const
export type PosterPaper = (typeof posterPapers)[number]

interface PaperSize {
  /** mm, upright. */
  readonly width: number
  readonly height: number
  /** Side of the QR code with its quiet zone, mm. */
  readonly qr: number
  /** m from which phones are to read it. */
  readonly distance: number
}

export const posterPaperTable: Readonly<Record<PosterPaper, PaperSize>> = {
  A4: { width: 210, height: 297, qr: 150, distance: 1.5 },
  A3: { width: 297, height: 420, qr: 250, distance: 2.5 },
}

/** Modules of nothing that a reader needs on each side (ISO/IEC 18004). */
export const quietZone = 4

/**
 * Side of a module in mm that a phone's camera needs at a distance: 2.2 mm a metre, for 2.5 pixels a module of a preview 1080 pixels
 * high that sees 50°.
 * @param distance m
 */
export const neededModule = (distance: number): number => 2.2 * distance

/** Side of a module in mm, as it is printed. @param modules of the symbol, a side */
export const printedModule = (paper: PosterPaper, modules: number): number => posterPaperTable[paper].qr / (modules + 2 * quietZone)
