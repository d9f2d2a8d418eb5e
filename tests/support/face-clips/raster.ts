/** RGBA, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** Triangles with a texture. Lengths in px; z grows towards the camera. */
export interface Mesh {
  readonly texture: Picture
  /** x, y, z, u, v of each corner, x and y in the frame, u and v in the texture. */
  readonly corners: Float32Array
  /** Three corners each. */
  readonly triangles: Uint32Array
}

/** Draws meshes over a picture: what is nearer hides what is farther, and the texture's alpha lets through what is behind. */
export function drawMesh(onto: Picture, { texture, corners, triangles }: Mesh): void {
  const { width, height } = onto
  const nearest = new Float32Array(width * height).fill(-Infinity)
  for (let index = 0; index < triangles.length; index += 3) {
    drawTriangle(onto, nearest, texture, corners, triangles[index]! * 5, triangles[index + 1]! * 5, triangles[index + 2]! * 5)
  }
}

/** Everything by index and without allocations: a clip is thirty million pixels. */
function drawTriangle(onto: Picture, nearest: Float32Array, texture: Picture, at: Float32Array, a: number, b: number, c: number): void {
  const ax = at[a]!, ay = at[a + 1]!, bx = at[b]!, by = at[b + 1]!, cx = at[c]!, cy = at[c + 1]!
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
  // Seen edge on.
  if (Math.abs(area) < 1e-6) return
  const az = at[a + 2]!, au = at[a + 3]!, av = at[a + 4]!
  const bz = at[b + 2]! - az, bu = at[b + 3]! - au, bv = at[b + 4]! - av
  const cz = at[c + 2]! - az, cu = at[c + 3]! - au, cv = at[c + 4]! - av
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx)))
  const right = Math.min(onto.width - 1, Math.floor(Math.max(ax, bx, cx)))
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy)))
  const bottom = Math.min(onto.height - 1, Math.floor(Math.max(ay, by, cy)))
  const tolerance = 1e-5
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const wb = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
      const wc = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
      if (wb < -tolerance || wc < -tolerance || wb + wc > 1 + tolerance) continue
      const z = az + wb * bz + wc * cz
      const place = y * onto.width + x
      if (z <= nearest[place]!) continue
      nearest[place] = z
      blend(onto.data, place * 4, texture, au + wb * bu + wc * cu, av + wb * bv + wc * cv)
    }
  }
}

/** One pixel, from between the four of the texture around (u, v). */
function blend(onto: Uint8ClampedArray, place: number, texture: Picture, u: number, v: number): void {
  const { width, height, data } = texture
  const x = Math.max(0, Math.min(width - 1.001, u)), y = Math.max(0, Math.min(height - 1.001, v))
  const left = Math.floor(x), top = Math.floor(y)
  const fx = x - left, fy = y - top
  const here = (top * width + left) * 4, below = here + width * 4
  const w00 = (1 - fx) * (1 - fy), w10 = fx * (1 - fy), w01 = (1 - fx) * fy, w11 = fx * fy
  const alpha = (w00 * data[here + 3]! + w10 * data[here + 7]! + w01 * data[below + 3]! + w11 * data[below + 7]!) / 255
  for (let channel = 0; channel < 3; channel++) {
    const one = here + channel, other = below + channel
    const colour = w00 * data[one]! + w10 * data[one + 4]! + w01 * data[other]! + w11 * data[other + 4]!
    onto[place + channel] = alpha * colour + (1 - alpha) * onto[place + channel]!
  }
}
