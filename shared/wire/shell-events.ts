/**
 * What the browser shell asks of the page that the user is in: Chromium's own chooser for `{ticket, multiple, accept}`, and a
 * download of `{ticket}`. The desktop shell has the system's dialogs and asks nothing.
 */
export const shellEvents = { choose: 'shell.choose', download: 'shell.download' } as const
