/**
 * How a page in the desktop shell gets its end of the bridge. The page posts `pagePortWanted` to its own window; the
 * preload passes it on to main, which hands a fresh MessagePort to page and host; the page receives `pagePortGiven`
 * with that port. It asks again after a reload, and when its port closes.
 */
export const pagePortWanted = 'workstation:page-port-wanted'
export const pagePortGiven = 'workstation:page-port-given'
