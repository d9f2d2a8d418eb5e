/** Bytes of a file that one call carries; as base64 a frame of the browser shell holds them. By itself: the page loads no schemas. */
export const attachmentChunkSize = 384 << 10
