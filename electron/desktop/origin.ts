/** The one origin whose pages this program shows. */
export const appOrigin = 'app://bundle'

/** Whether a URL is of our own pages. By parsed parts, never by prefix: `app://bundle.evil/` is another host. */
export function isOwnPage(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === 'app:' && parsed.host === 'bundle'
}

/** Sites that a link may open in the system's browser: the authority's own, over https. */
export function isExternalLink(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === 'https:' && (parsed.hostname === 'sh.gov.cn' || parsed.hostname.endsWith('.sh.gov.cn'))
}
