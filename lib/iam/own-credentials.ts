import { db } from '#lib/db'
import type { Principal } from '#lib/operation/context'

/** Which credentials for git a principal has that work now. */
export type OwnCredentials = Readonly<{ gitCredentials: boolean; sshPublicKeyId: string | undefined; accessKey: boolean }>

/**
 * Which credentials for git whoever asks has, so that a page can say what they still lack. It is about themselves alone, tells no
 * secret and changes nothing, so it is no event. Nobody but an IAM user has any.
 */
export async function ownCredentials(principal: Principal): Promise<OwnCredentials | null> {
  if (principal.type !== 'IAMUser') return null
  const active = { userId: principal.principalId, status: 'Active' }
  const [gitCredentials, sshPublicKey, accessKeys] = await Promise.all([
    db().serviceSpecificCredential.count({ where: { ...active, serviceName: 'codecommit.amazonaws.com' } }),
    db().sshPublicKey.findFirst({ where: active, orderBy: { uploadDate: 'desc' }, select: { id: true } }),
    db().accessKey.count({ where: active }),
  ])
  return { gitCredentials: gitCredentials > 0, sshPublicKeyId: sshPublicKey?.id, accessKey: accessKeys > 0 }
}
