import type { PersonType } from '../../shared/domain/statuses.ts'

/** The form of a person. A worker's stands under 项目人员绑定 (manual 5.3). @param personType null: not known */
export const placeOfPerson = (id: string, personType: PersonType | null): string => `/${personType === 'worker' ? 'workers' : 'managers'}/${id}`

/** 人脸识别 of a project's crew. @param recordId who comes first; null: the first who lacks it */
export const placeOfFaces = (projectId: string, recordId: string | null): string => `/projects/${projectId}/faces${recordId === null ? '' : `/${recordId}`}`
