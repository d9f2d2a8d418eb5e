export type Point = readonly [x: number, y: number]

/** px of a portrait: the upright picture of a sitter, eyes level and `eyeDistance` apart. */
export const portrait = { width: 800, height: 640, eyeDistance: 110, betweenEyes: [400, 260] as Point } as const

/** A face of the sample pictures that face-api's package brings along. */
export interface Sitter {
  /** In the package's folder `demo`. */
  readonly picture: string
  /** The eyes in that picture, px. */
  readonly eyes: readonly [left: Point, right: Point]
  /** 68 points in the portrait, as face-api's own net finds them there. */
  readonly landmarks: readonly Point[]
  /** Degrees by which the head is turned in the picture, so that turning it back makes the sitter face the camera. */
  readonly turned: { readonly yaw: number; readonly pitch: number }
  /** Between where the hair begins and ends, px of the portrait: beside a sitter there are others. */
  readonly hair: readonly [left: number, right: number]
}

/** `x,y x,y …` */
const points = (text: string): Point[] =>
  text.split(' ').map((pair) => {
    const [x, y] = pair.split(',').map(Number)
    return [x ?? NaN, y ?? NaN]
  })

/** The faces of that package that look into the camera, are large and sharp, and closed their mouths. */
export const sitters = {
  first: {
    picture: 'sample6.jpg',
    eyes: [[1530.3, 372.7], [1627.7, 395.2]],
    landmarks: points(
      '285,245 288,278 293,309 299,336 309,367 324,394 341,415 363,439 401,453 439,441 467,417 488,395 507,366 518,334 524,305 530,273 533,238 ' +
      '302,226 315,218 332,217 349,220 364,227 427,226 443,220 461,215 483,216 499,225 396,268 394,295 393,320 392,341 376,344 384,349 395,352 407,348 417,344 ' +
      '326,255 336,251 351,252 366,260 353,265 336,263 430,260 445,251 462,251 474,256 462,264 445,264 ' +
      '354,372 367,372 385,371 396,373 406,370 427,373 447,373 427,390 412,399 396,402 383,399 369,391 357,373 382,379 396,380 410,380 442,373 411,384 396,386 383,385',
    ),
    turned: { yaw: -5, pitch: 9 },
    hair: [262, 560],
  },
  second: {
    picture: 'sample6.jpg',
    eyes: [[324.5, 608], [422.3, 595.6]],
    landmarks: points(
      '255,247 258,282 265,314 272,343 285,373 306,396 331,415 361,436 397,445 430,432 447,412 463,396 477,373 491,347 498,321 503,293 504,261 ' +
      '295,227 314,215 337,214 358,219 376,227 438,229 454,221 470,216 488,216 498,227 408,267 411,291 414,315 415,336 387,343 398,348 410,350 421,346 429,342 ' +
      '321,256 336,251 353,251 367,262 354,268 335,265 435,263 450,251 468,251 476,258 466,266 450,266 ' +
      '355,372 376,371 398,369 409,371 419,367 436,370 449,370 435,387 422,397 407,400 393,398 375,391 359,373 393,377 408,378 421,377 444,370 421,382 408,384 394,383',
    ),
    turned: { yaw: 11, pitch: 6 },
    hair: [232, 568],
  },
} as const satisfies Record<string, Sitter>
