/** While something of its own is printed, nothing else of the page is. */
const apart = `
@media screen { .print-sheets { display: none } }
@media print {
  html, body { display: block !important; height: auto !important; min-height: 0 !important; overflow: visible !important; background: #fff !important }
  body > :not(.print-sheets) { display: none !important }
}`

/** Of what was printed last: a shell that says nothing of the end of it must not keep the next from being printed. */
let clear = () => undefined as void

/**
 * Prints a document of the host's (electron/host/posters) in this window, so that the system's dialog asks for printer and paper in
 * either shell. Its style is put in by script, as a style sheet: the policy of the page permits no inline style.
 */
export function printSheets(html: string): void {
  clear()
  const style = new CSSStyleSheet()
  style.replaceSync(`${apart}\n@media print {${between(html, '<style>', '</style>')}}`)
  const sheets = document.createElement('div')
  sheets.className = 'print-sheets'
  const { body } = new DOMParser().parseFromString(between(html, '<body>', '</body>'), 'text/html')
  sheets.append(...[...body.childNodes].map((node) => document.importNode(node, true)))
  document.body.append(sheets)
  document.adoptedStyleSheets.push(style)
  clear = () => {
    sheets.remove()
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== style)
  }
  // Whether the call waits for the dialog or not is the shell's affair.
  window.addEventListener('afterprint', clear, { once: true })
  window.print()
}

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from) + from.length
  return text.slice(start, text.lastIndexOf(to))
}
