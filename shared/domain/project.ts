import * as v from 'valibot'
import { tidyText } from './tidy-values.ts'

/** 项目状态, manual 5.3. */
export const projectStatuses = ['active', 'completed'] as const
export const projectStatusSchema = v.picklist(projectStatuses)
export type ProjectStatus = v.InferOutput<typeof projectStatusSchema>
export const projectStatusLabels: Readonly<Record<ProjectStatus, string>> = { active: '在建', completed: '竣工' }

/** Why nothing more is done on a project that a unit has in its list: the approval system has withdrawn the project, or this unit from it. */
export const projectClosures = ['project-withdrawn', 'party-withdrawn'] as const
export const projectClosureSchema = v.picklist(projectClosures)
export type ProjectClosure = v.InferOutput<typeof projectClosureSchema>
export const projectClosureLabels: Readonly<Record<ProjectClosure, string>> = { 'project-withdrawn': '项目已撤回', 'party-withdrawn': '本单位已退出' }

/** Longer is no 报建编号: those of the manual have ten characters. */
export const projectNoLength = 40

/** 报建编号 in its one spelling: `2103HK0001`. Typed with blanks, small or full-width letters it is the same. */
export function normalizeProjectNo(text: string): string {
  return tidyText(text).normalize('NFKC').replace(/\s+/g, '').toUpperCase()
}
