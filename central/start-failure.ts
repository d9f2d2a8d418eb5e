import { AppError } from '../shared/errors/app-error.ts'

/** What the operator does about what the operating system or PostgreSQL answers. */
const sentences: Readonly<Record<string, string>> = {
  'EADDRINUSE': 'CENTRAL_PORT：端口已被占用，请指定另一个端口。',
  'EADDRNOTAVAIL': 'CENTRAL_HOST：本机没有这个地址。',
  'EACCES': '没有权限读写数据文件夹或使用该端口，请检查CENTRAL_DATA与CENTRAL_PORT。',
  'EROFS': 'CENTRAL_DATA：该磁盘只读。',
  'ENOSPC': 'CENTRAL_DATA：磁盘空间不足。',
  'ECONNREFUSED': 'DATABASE_URL：连不上PostgreSQL，请确认它已启动。',
  'ENOENT': 'DATABASE_URL：连不上PostgreSQL，请确认它已启动。',
  'ENOTFOUND': 'DATABASE_URL：找不到这台主机。',
  'ETIMEDOUT': 'DATABASE_URL：连接PostgreSQL超时。',
  '28000': 'DATABASE_URL：PostgreSQL拒绝了该用户。',
  '28P01': 'DATABASE_URL：PostgreSQL的用户名或密码不对。',
  '3D000': 'DATABASE_URL：该PostgreSQL数据库不存在，请先创建。',
  '42501': 'DATABASE_URL：该用户在此数据库中没有建表的权限。',
  'SQLITE_NOTADB': 'CENTRAL_DATA：central.db 不是数据库文件。文件未改动。',
  'SQLITE_CORRUPT': 'CENTRAL_DATA：central.db 已损坏，请从备份恢复。文件未改动。',
  'SQLITE_CANTOPEN': 'CENTRAL_DATA：无法打开 central.db。',
  'SQLITE_READONLY': 'CENTRAL_DATA：central.db 不能写入。',
}

/** One line for a program that could not start or do what it was told. */
export function startFailure(error: unknown): string {
  if (error instanceof AppError) return error.sentence
  const { code, message } = error as { code?: unknown; message?: unknown }
  const known = typeof code === 'string' ? sentences[code] : undefined
  return known ?? String(message ?? error).split('\n')[0] ?? ''
}
