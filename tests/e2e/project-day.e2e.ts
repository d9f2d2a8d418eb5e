import { playProjectDay } from './project-day.ts'

playProjectDay({ onPostgres: false })
