import type { CentralHttp } from './central-http.ts'
import type { CentralProjects } from './central-port.ts'

/** 项目人员绑定 of our own central service. */
export function createProjectsClient(http: CentralHttp): CentralProjects {
  return {
    lookUpProject: async (projectNo) => (await http.call('lookUpProject', { body: { projectNo } })).value,
    linkProject: async (projectId, key) => void (await http.call('linkProject', { body: { projectId }, headers: { 'idempotency-key': key } })),
    unlinkProject: async (id, key) => void (await http.call('unlinkProject', { params: { id }, headers: { 'idempotency-key': key } })),
  }
}
