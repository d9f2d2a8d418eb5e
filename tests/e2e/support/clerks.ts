import type { Page } from '@playwright/test'
import { appFrame } from '../page-models/frame.ts'
import { registerPage } from '../page-models/register.ts'
import { signInPage } from '../page-models/sign-in.ts'

/** 张敏 of the contractor, with the CA lock: at the list, with everything pulled. */
export async function signInWithKey(page: Page): Promise<void> {
  const signIn = signInPage(page)
  await signIn.givePin()
  await signIn.chooseAccount('张敏')
  await settledIn(page)
}

/** 李强 of the same unit, with the password. */
export async function signInWithPassword(page: Page): Promise<void> {
  await signInPage(page).givePassword('liqiang')
  await settledIn(page)
}

async function settledIn(page: Page): Promise<void> {
  await registerPage(page).total.filter({ hasText: /共有 [1-9]/ }).waitFor()
  await appFrame(page).sync.filter({ hasText: /^已同步/ }).waitFor()
}
