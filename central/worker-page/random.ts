const bytesOf = (count: number) => crypto.getRandomValues(new Uint8Array(count))

/** A version 4 UUID; `crypto.randomUUID` is younger than the phones on a site. */
export function newUuid(): string {
  const bytes = bytesOf(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** 256 random bits as base64url. */
export function newToken(): string {
  return btoa(String.fromCharCode(...bytesOf(32))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
