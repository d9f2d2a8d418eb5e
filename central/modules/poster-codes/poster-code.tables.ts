/** 短码 of posters. Nothing is destroyed: what a poster that still hangs somewhere stood for can be told. */
export interface PosterCodeTables {
  poster_code: PosterCodeTable
}

export interface PosterCodeTable {
  code: string
  organization_id: string
  project_id: string
  issued_at: string
  /** Account. */
  issued_by: string
  expires_at: string
  /** Another one has taken its place, or it was stopped. One code of a unit for a project is without. */
  revoked_at: string | null
  revoked_by: string | null
  /** 1: by hand (停用), with none in its place. */
  stopped: number
}
