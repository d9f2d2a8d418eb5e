/**
 * Where landmarks 17 to 67 lie in an upright face that looks straight ahead, on average: x from the outer end of one brow (0) to that of the
 * other (1), y by the same measure, 0.5 half way between the highest and the lowest.
 *
 * Our own, computed once: the net's landmarks on 86 public portraits of 20 people, those turned by less than about 8 degrees, brought to one
 * another by similarity until their mean moved no more (Procrustes), and averaged with its own mirror image. None of those pictures is here.
 */
export const meanFaceShape: readonly (readonly [number, number])[] = [
  // brows
  [0, 0.117], [0.0742, 0.0742], [0.175, 0.0592], [0.2628, 0.0687], [0.3438, 0.0958], [0.6562, 0.0958], [0.7372, 0.0687], [0.825, 0.0592], [0.9258, 0.0742], [1, 0.117],
  // nose
  [0.5, 0.2638], [0.5, 0.3744], [0.5, 0.4792], [0.5, 0.5746], [0.3939, 0.6295], [0.4417, 0.6438], [0.5, 0.6585], [0.5583, 0.6438], [0.6061, 0.6295],
  // eyes
  [0.1279, 0.2445], [0.1833, 0.2193], [0.2647, 0.2171], [0.3351, 0.2553], [0.271, 0.2772], [0.1875, 0.276], [0.6649, 0.2553], [0.7353, 0.2171], [0.8167, 0.2193], [0.8721, 0.2445], [0.8125, 0.276], [0.729, 0.2772],
  // mouth, outer
  [0.2633, 0.8269], [0.3465, 0.7911], [0.4483, 0.7633], [0.5, 0.7747], [0.5517, 0.7633], [0.6535, 0.7911], [0.7367, 0.8269], [0.6489, 0.897], [0.5753, 0.9311], [0.5, 0.9408], [0.4247, 0.9311], [0.3511, 0.897],
  // mouth, inner
  [0.2813, 0.8262], [0.4282, 0.818], [0.5, 0.8181], [0.5718, 0.818], [0.7187, 0.8262], [0.5696, 0.8593], [0.5, 0.8644], [0.4304, 0.8593],
]
