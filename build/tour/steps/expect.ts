import { expect as patientFor5s } from '@playwright/test'

/** A machine that tests, builds and plays at once is slow, not wrong. */
export const expect = patientFor5s.configure({ timeout: 20_000 })
