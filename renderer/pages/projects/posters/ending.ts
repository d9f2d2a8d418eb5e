import type { PosterItem } from '../../../../shared/contract/posters.contract.ts'

/** 换发二维码 and 停用: both end the code that hangs on site. */
export interface Ending {
  readonly act: 'reissue' | 'revoke'
  readonly item: PosterItem
}
