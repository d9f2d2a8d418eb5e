import type { TourStep } from '../tour-step.ts'
import { signInPage } from './sign-in-page.ts'

/** In the order they are played; each stands on what the ones before it have done. */
export const tourSteps: readonly TourStep[] = [signInPage]
