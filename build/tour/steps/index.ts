import type { TourStep } from '../tour-step.ts'
import { anotherUnit } from './another-unit.ts'
import { attach } from './attach.ts'
import { begin } from './begin.ts'
import { chooseAccount } from './choose-account.ts'
import { commitRoster } from './commit-roster.ts'
import { conflict } from './conflict.ts'
import { cutNetwork } from './cut-network.ts'
import { display } from './display.ts'
import { exportList } from './export-list.ts'
import { fillForm } from './fill-form.ts'
import { importRoster } from './import-roster.ts'
import { kill } from './kill.ts'
import { organization } from './organization.ts'
import { pullKey } from './pull-key.ts'
import { register } from './register.ts'
import { renewSession } from './renew-session.ts'
import { restoreNetwork } from './restore-network.ts'
import { returned } from './returned.ts'
import { reveal } from './reveal.ts'
import { review } from './review.ts'
import { search } from './search.ts'
import { settleConflict } from './settle-conflict.ts'
import { signInPage } from './sign-in-page.ts'
import { submitIncomplete } from './submit-incomplete.ts'
import { submitOffline } from './submit-offline.ts'
import { transfer } from './transfer.ts'
import { accounts, certificates, revealLog } from './unit-admin.ts'
import { unlock } from './unlock.ts'
import { unlockOffline } from './unlock-offline.ts'
import { userMenu } from './user-menu.ts'
import { wrongPin } from './wrong-pin.ts'

/** In the order they are played; each stands on what the ones before it have done. */
export const tourSteps: readonly TourStep[] = [
  signInPage, wrongPin, chooseAccount, register, search, reveal, exportList, importRoster, commitRoster, organization,
  cutNetwork, begin, submitIncomplete, fillForm, submitOffline, kill, unlockOffline,
  restoreNetwork, renewSession, anotherUnit, transfer, conflict, settleConflict, pullKey, unlock, returned, attach, review, accounts, certificates, revealLog, userMenu, display,
]
