import { ElMessage } from 'element-plus'
import 'element-plus/es/components/message/style/css'
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { reviewedStatuses } from '../../shared/api/binding-reviews.ts'
import { toAppError } from '../bridge/failure.ts'
import { useAppStore } from '../stores/app.store.ts'
import { useRegistrationsStore } from '../stores/registrations.store.ts'
import { useSessionStore } from '../stores/session.store.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Manual: where the page stands in the menu. */
    readonly breadcrumb: readonly string[]
  }
}

export const firstPlace = '/managers'
/** The list of those that wait for the clerk. */
export const placeNeedingAttention = { path: firstPlace, query: { only: 'needing-attention' } } as const
/** The same list without that, and without a search: what the menu leads to. */
export const placeOfEverybody = { path: firstPlace, query: { only: 'everybody' } } as const
/** 导入名册, reached from the list. */
export const rosterPlace = '/managers/roster'
/** 退出登录 is a way out like any other: a page that holds something unsaved asks first, and goes on there afterwards. */
export const signOutPlace = '/sign-out'

/** Where a page that is loaded again opens: the list as it was, also where it shows only some. */
export function keepShownPlace(path: string): void {
  if (useSessionStore().phase !== 'signed-in') return
  const isSome = path === firstPlace && useRegistrationsStore().onlyNeedingAttention
  const place = isSome ? `${firstPlace}?only=${placeNeedingAttention.query.only}` : path
  // Where the clerk is matters less than what the clerk does: a failure to keep it is no reason to stop.
  useAppStore().keepPlace(place).catch(() => undefined)
}

/** The pages of the manual that work. One that does not work yet has no route and no menu entry. */
export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/organization', component: () => import('../pages/organization/organization-page.vue'), meta: { breadcrumb: ['企业管理', '企业基本信息'] } },
      {
        path: '/managers',
        component: () => import('../pages/manager-register/register-page.vue'),
        meta: { breadcrumb: ['人员管理', '管理人员登记'] },
        beforeEnter: (_to, { params: { id } }) => {
          if (typeof id === 'string' && useSessionStore().phase === 'signed-in') useRegistrationsStore().cameFrom(id)
        },
      },
      {
        path: '/managers/:id',
        component: () => import('../pages/manager-register/manager-form-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '管理人员登记', '人员基本信息'] },
      },
      {
        path: '/workers/:id',
        component: () => import('../pages/manager-register/manager-form-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '项目人员绑定', '人员基本信息'] },
      },
      { path: rosterPlace, component: () => import('../pages/roster/roster-page.vue'), meta: { breadcrumb: ['人员管理', '管理人员登记', '导入名册'] } },
      { path: '/projects', component: () => import('../pages/projects/projects-page.vue'), meta: { breadcrumb: ['人员管理', '项目人员绑定'] } },
      {
        path: '/projects/:id/managers',
        component: () => import('../pages/project-managers/project-managers-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '项目人员绑定', '管理人员'] },
      },
      {
        path: '/projects/:id/workers',
        component: () => import('../pages/project-workers/project-workers-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '项目人员绑定', '现场作业人员'] },
      },
      {
        path: '/projects/:id/self-registrations',
        component: () => import('../pages/self-registrations/self-registrations-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '项目人员绑定', '现场作业人员', '扫码登记'] },
      },
      { path: '/projects/:id/faces/:recordId?', component: () => import('../pages/face-enrolment/face-enrolment-page.vue'), props: true, meta: { breadcrumb: ['人员管理', '项目人员绑定', '人脸识别'] } },
      { path: '/transfers', component: () => import('../pages/transfers/transfers-page.vue'), meta: { breadcrumb: ['人员管理', '人员迁移'] } },
      { path: '/reveals', component: () => import('../pages/reveal-log/reveal-log-page.vue'), meta: { breadcrumb: ['企业管理', '查看记录'] } },
      { path: '/reviews', component: () => import('../pages/registration-review/review-page.vue'), meta: { breadcrumb: ['人员管理', '登记审核'] } },
      {
        path: '/reviews/:id',
        component: () => import('../pages/registration-review/review-one-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '登记审核', '审核'] },
      },
      { path: '/binding-reviews', component: () => import('../pages/binding-review/reviewed-projects-page.vue'), meta: { breadcrumb: ['人员管理', '项目人员登记绑定审核'] } },
      {
        path: `/binding-reviews/:projectId/:status(${reviewedStatuses.join('|')})`,
        component: () => import('../pages/binding-review/reviewed-people-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '项目人员登记绑定审核', '人员'] },
      },
      {
        path: `/binding-reviews/:projectId/:status(${reviewedStatuses.join('|')})/:id`,
        component: () => import('../pages/binding-review/reviewed-person-page.vue'),
        props: true,
        meta: { breadcrumb: ['人员管理', '项目人员登记绑定审核', '查看'] },
      },
      // With a registration: its dialog stands open.
      { path: '/identity-checks/:registrationId?', component: () => import('../pages/identity-check/identity-checks-page.vue'), props: true, meta: { breadcrumb: ['人员管理', '身份核验'] } },
      {
        path: signOutPlace,
        component: { render: () => null },
        meta: { breadcrumb: [] },
        beforeEnter: async () => {
          try {
            await useAppStore().keepPlace(firstPlace)
            await useSessionStore().signOut()
            return firstPlace
          } catch (error) {
            ElMessage.error(toAppError(error).sentence)
            return false
          }
        },
      },
      { path: '/:rest(.*)*', redirect: firstPlace },
    ],
  })
  router.afterEach((to, _from, failure) => {
    // Also called where a page would not let go: the clerk is where the clerk was.
    if (!failure) keepShownPlace(to.path)
  })
  return router
}
