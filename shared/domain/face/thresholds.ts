/**
 * Every gate between a camera's picture and a template, in one table. Where they come from and what was measured: docs/face.md. The
 * thresholds of comparison stand in matching.ts, because a project may have its own.
 */
export const faceThresholds = {
  /** The tiny detector at the webcam: side of its input in px, least score of a face. */
  detector: { inputSize: 224, score: 0.3 },
  /** On the photo of an ID document, 102x126 px from the chip: more is wanted of the detector, and a weaker face is believed. */
  documentDetector: { inputSize: 320, score: 0.2 },
  /** Another face counts from this score and this share of the first one's width on: a poster on the wall behind does not. */
  otherFace: { score: 0.5, width: 0.3 },
  /** px between the eyes (ICAO 9303 and ISO/IEC 19794-5 want 90); `most` is a share of the picture's height. */
  eyeDistance: { least: 60, most: 0.36 },
  /** How far the middle of the face may be from the picture's, as a share of the picture's width and height. */
  offCentre: { x: 0.2, y: 0.22 },
  /** Variance of the Laplacian of the face at 128x128. */
  sharpness: { least: 150 },
  /** Mean of the face, 0 to 255, and the shares below 25 and above 250. */
  luminance: { least: 70, most: 200, darkShare: 0.3, brightShare: 0.1 },
  /** Of the whole picture, where no face is found in it. */
  picture: { dark: 40, bright: 225, black: 6 },
  /** 0.024 a degree: 5 degrees (ISO/IEC 19794-5 full frontal). */
  yaw: { most: 0.12 },
  /** Degrees (ISO/IEC 19794-5). */
  roll: { most: 8 },
  /** A covered face makes landmarks and detector waver: over these frames. */
  covered: { frames: 5, yawDeviation: 0.05, score: 0.6, lost: 0.25 },
  /** Darkest tenth of the eyes by the skin's luminance: by so much above the person's own lowest they are closed. Own, because eyes differ. */
  eyes: { rise: 0.22 },
  /** Frames that a reason is looked for in, and how many of them must share it. */
  guidance: { frames: 5, agreeing: 3, steady: 4 },
  challenge: {
    /** ms for each step, from the question on. */
    stepMs: 6000,
    yaw: 0.3,
    /** What no flat picture reaches: turned by 50 degrees it leaves 0.041. */
    depth: 0.08,
    mouth: 0.42,
    /** Frames in a row that a pose is held. */
    held: 3,
    /** Back to this before the next question. */
    neutral: { yaw: 0.15, mouth: 0.3, frames: 2 },
    /** ms without a face, after which it may be another person's. */
    gapMs: 500,
    /** Farthest descriptor from the first frame's. */
    samePerson: 0.55,
    /** Frames between two descriptors. */
    sampleEvery: 12,
    /** Frames in a row with somebody else in the picture. */
    others: 3,
    attempts: 3,
  },
  capture: {
    /** Frames that a template is the mean of. */
    frames: 5,
    /** A frame farther than this from the middle of the others is left out; more than one such and they are not one person's. */
    outlier: 0.4,
    /** ms without a good frame after the challenge, before it is given up. */
    patienceMs: 15_000,
  },
  /** A picture from a file: bytes, and px in all. */
  pictureFile: { bytes: 25 * 1024 * 1024, pixels: 60_000_000, longestSide: 1280 },
} as const
