/**
 * Every gate between a camera's picture and a template, in one table. Where they come from and what was measured: docs/face.md. The
 * thresholds of comparison stand in matching.ts, because a project may have its own.
 */
export const faceThresholds = {
  /** The tiny detector at the webcam: side of its input in px, least score of a face. */
  detector: { inputSize: 224, score: 0.3 },
  /**
   * On the photo of an ID document, 102x126 px from the chip: more is wanted of the detector, and a weaker face is believed. Below `sure`
   * the picture is turned as well, and a face that lies on its side is believed where it scores better by so much.
   */
  documentDetector: { inputSize: 320, score: 0.2, sure: 0.8, better: 0.2 },
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
  /** Of the whole picture, where no face is found in it; a covered lens has neither light nor contrast. */
  picture: { dark: 40, bright: 225, black: 6, blackContrast: 3 },
  /** 0.024 a degree: 5 degrees (ISO/IEC 19794-5 full frontal). */
  yaw: { most: 0.12 },
  /** Degrees (ISO/IEC 19794-5). */
  roll: { most: 8 },
  /**
   * On a covered face the lips have no edge; or the landmarks waver from frame to frame (what no affine map explains of the way from one to
   * the next, on average); or the detector is in doubt. `moving`: so much of a turn, or of a mouth that opens, within the window is a head that moves,
   * whose landmarks waver too. `memory`: frames for which a verdict stands, because a guess may be steady for a moment.
   */
  covered: { lipEdge: 0.18, waver: 0.022, score: 0.6, moving: 0.16, memory: 10 },
  /** Darkest tenth of the eyes by the skin's luminance: by so much above the person's own lowest they are closed. Own, because eyes differ. */
  eyes: { rise: 0.18 },
  /** Gap of the inner lips by their width, for the template: at most this, and at most so much more than the same person's at the beginning. */
  mouth: { most: 0.32, rise: 0.08 },
  /** Frames that a reason is looked for in, and how many of them must share it. */
  guidance: { frames: 5, agreeing: 3, steady: 4 },
  challenge: {
    /** ms for each step from the question on, and for looking straight ahead again before the next. */
    stepMs: 6000,
    yaw: 0.3,
    /** What no flat picture reaches together with that turn: 0.04 to 0.09 turned by 50 degrees; heads 0.13 and more. */
    depth: 0.1,
    mouth: 0.42,
    /** Frames in a row that a pose is held. */
    held: 3,
    /** Back to this before the next question. */
    neutral: { yaw: 0.15, mouth: 0.32, frames: 2 },
    /** ms without a face, after which it may be another person's. */
    gapMs: 500,
    /** ms between two frames, after which the challenge is over: the machine slept. Above `gapMs` the person is compared again. */
    pauseMs: 3000,
    /** Farthest descriptor from the first frame's. */
    samePerson: 0.55,
    /** Frames between two descriptors. */
    sampleEvery: 12,
    /** Frames in a row with somebody else in the picture. */
    others: 3,
    attempts: 3,
    /** ms for reading why it begins anew. */
    readMs: 2000,
  },
  capture: {
    /** Frames that a template is the mean of. */
    frames: 5,
    /** A frame farther than this from the middle of the others is left out; more than one such and they are not one person's. */
    outlier: 0.4,
    /** ms without a good frame after the challenge, before it is given up. */
    patienceMs: 15_000,
    /** ms of black frames after which the lens is taken to be covered, and without any frame the camera to have stopped. */
    blackMs: 1500,
    stalledMs: 5000,
    /** Longest side of a frame in px; larger ones bring nothing and cost time. */
    longestSide: 960,
  },
  /** A picture from a file: bytes, and px in all. */
  pictureFile: { bytes: 25 * 1024 * 1024, pixels: 60_000_000, longestSide: 1280 },
} as const
