/**
 * To Valibot a list is an object without fields: it would pass for one that needs none, at whatever depth. What was read
 * has no list there, and that tells.
 * @returns where, as Valibot writes paths; '' for the whole; undefined where there is none. No schema here makes a list of what is none, or none of a list.
 */
export function listForObject(sent: unknown, read: unknown, path = ''): string | undefined {
  if (typeof sent !== 'object' || sent === null || typeof read !== 'object' || read === null) return undefined
  if (Array.isArray(sent) !== Array.isArray(read)) return path
  for (const [key, value] of Object.entries(sent)) {
    const inside = listForObject(value, (read as Readonly<Record<string, unknown>>)[key], path === '' ? key : `${path}.${key}`)
    if (inside !== undefined) return inside
  }
  return undefined
}
