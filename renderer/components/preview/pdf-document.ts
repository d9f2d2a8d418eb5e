import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist'
import PdfWorker from 'pdfjs-dist/build/pdf.worker.min.mjs?worker'

/** Character maps of simplified Chinese, for the many certificates that embed no font of their own, and decoders of scanned pages. */
const maps = import.meta.glob<string>('../../../node_modules/pdfjs-dist/cmaps/*GB*.bcmap', { query: '?url', import: 'default' })
const decoders = import.meta.glob<string>('../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm', { query: '?url', import: 'default' })
const fromPackage = new Map(Object.entries({ ...maps, ...decoders }).map(([path, address]) => [path.slice(path.lastIndexOf('/') + 1), address]))

/** Only what ships with the page is fetched, and nothing that a document names. */
class ShippedData {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const address = await fromPackage.get(filename)?.()
    if (address === undefined) throw new Error(`not shipped: ${filename}`)
    return new Uint8Array(await (await fetch(address)).arrayBuffer())
  }
}

/** Opens a PDF in a worker of its own; scripts in it are never run. The caller destroys it. */
export async function openPdf(content: Blob): Promise<PDFDocumentProxy> {
  GlobalWorkerOptions.workerPort ??= new PdfWorker()
  const data = new Uint8Array(await content.arrayBuffer())
  return getDocument({ data, BinaryDataFactory: ShippedData, cMapUrl: 'cmaps/', cMapPacked: true, wasmUrl: 'wasm/', useWorkerFetch: false, useSystemFonts: true, stopAtErrors: false, enableXfa: false }).promise
}
