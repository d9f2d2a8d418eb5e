import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

/** The one with somebody who is registered nowhere, and somebody who is registered elsewhere (build/demo/projects.ts). */
const projectNo = '2603HK0001'

const openProjects = (page: Page) => page.getByRole('link', { name: '项目人员绑定', exact: true }).click()

export const projects: TourStep = {
  name: 'projects',
  docsPicture: 'projects',
  says: '项目人员绑定: the projects that the unit works on',
  play: async ({ page }) => {
    await openProjects(page)
    await expect(page.getByRole('region', { name: '项目列表' }).getByRole('row')).toHaveCount(16)
    return '15 of them, from the approval system, with how many people of the unit are on each'
  },
}

export const projectManagers: TourStep = {
  name: 'project-managers',
  docsPicture: 'project-managers',
  says: '管理人员 of a project',
  play: async ({ page }) => {
    await page.getByRole('link', { name: `管理人员 ${projectNo}` }).click()
    const list = page.getByRole('region', { name: '管理人员列表' })
    await expect(list).toContainText('丁俊杰')
    await expect(list.getByRole('button', { name: '登记 丁俊杰' })).toBeVisible()
    return 'whom the unit has filed, what keeps each from being submitted, and what to do about it'
  },
}

export const projectWorkers: TourStep = {
  name: 'project-workers',
  docsPicture: 'project-workers',
  says: '现场作业人员 of a project',
  play: async ({ page }) => {
    await openProjects(page)
    await page.getByRole('link', { name: `现场作业人员 ${projectNo}` }).click()
    await expect(page.getByText('该项目上还没有本单位的现场作业人员。')).toBeVisible()
    return 'nobody yet: by ID number, out of the register, or by their own phones'
  },
}

export const faceConsent: TourStep = {
  name: 'face-consent',
  docsPicture: 'face-consent',
  says: '人脸识别 of the crew of a project',
  play: async ({ page }) => {
    await page.getByRole('button', { name: '人脸识别', exact: true }).click()
    await expect(page.getByRole('heading', { name: '采集人脸信息告知与同意' })).toBeVisible()
    await expect(page.getByRole('button', { name: '同意并开始采集' })).toBeDisabled()
    return 'who of the crew lacks it, and the consent of the first of them: nothing is ticked beforehand, and the way without a face is beside it'
  },
}
