/**
 * What the face worker loads: models of @vladmandic/face-api 1.7.15 (MIT) and the SIMD build of @tensorflow/tfjs-backend-wasm 4.22.0
 * (Apache-2.0), the very version that face-api's bundle was made with. The build copies these files and no others, and the worker
 * runs none that is not this one.
 */
export const faceAssets = [
  { name: 'tiny_face_detector_model.bin', from: '@vladmandic/face-api/model/tiny_face_detector_model.bin', bytes: 193_321, sha256: 'b7503ce7df31039b1c43316a9b865cab6a70dd748cc602d3fa28b551503c3871' },
  { name: 'tiny_face_detector_model.json', from: '@vladmandic/face-api/model/tiny_face_detector_model-weights_manifest.json', bytes: 3_219, sha256: '5d1af4849ac48d5b985f4a9b16010c512353ddd6fcc63d50fd0bc9e9e64296e5' },
  { name: 'face_landmark_68_model.bin', from: '@vladmandic/face-api/model/face_landmark_68_model.bin', bytes: 356_840, sha256: '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b' },
  { name: 'face_landmark_68_model.json', from: '@vladmandic/face-api/model/face_landmark_68_model-weights_manifest.json', bytes: 8_485, sha256: 'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9' },
  { name: 'face_recognition_model.bin', from: '@vladmandic/face-api/model/face_recognition_model.bin', bytes: 6_444_032, sha256: 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589' },
  { name: 'face_recognition_model.json', from: '@vladmandic/face-api/model/face_recognition_model-weights_manifest.json', bytes: 19_615, sha256: 'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b' },
  { name: 'tfjs-backend-wasm-simd.wasm', from: '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm', bytes: 424_594, sha256: '77ebb28a6d34f371dbbf2086b7f2de8994acd8ea5a3cf1fa24d2c26c840cac7b' },
] as const
export type FaceAssetName = (typeof faceAssets)[number]['name']
