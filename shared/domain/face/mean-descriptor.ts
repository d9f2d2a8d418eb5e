import { descriptorDistance } from './template.ts'

/** The mean of descriptors. Not brought to any length: all measures of docs/face.md are of means as they are. */
export function meanDescriptor(descriptors: readonly ArrayLike<number>[]): number[] {
  const length = descriptors[0]?.length ?? 0
  return Array.from({ length }, (_, at) => descriptors.reduce((sum, descriptor) => sum + (descriptor[at] ?? 0), 0) / descriptors.length)
}

/**
 * The mean of one person's frames without those that lie far from the others: a frame in which the landmarks slipped, or somebody else's.
 * @param outlier distance from the most central frame
 * @returns how many are left and how far the farthest of these is from the mean
 */
export function meanWithoutOutliers(descriptors: readonly ArrayLike<number>[], outlier: number): { mean: number[]; left: number; spread: number } {
  const central = descriptors
    .map((candidate) => ({ candidate, sum: descriptors.reduce((sum, other) => sum + descriptorDistance(candidate, other), 0) }))
    .reduce((best, next) => (next.sum < best.sum ? next : best)).candidate
  const near = descriptors.filter((descriptor) => descriptorDistance(descriptor, central) <= outlier)
  const mean = meanDescriptor(near)
  return { mean, left: near.length, spread: Math.max(...near.map((descriptor) => descriptorDistance(descriptor, mean))) }
}
