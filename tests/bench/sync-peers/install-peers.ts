import { packagesBeside } from '../install-beside.ts'

const peers = packagesBeside('peers')

/** What the workstation's sync is measured against. */
export const installPeers = (): void => peers.install()

/** @throws Error before installPeers */
export const requirePeer: NodeJS.Require = peers.require
