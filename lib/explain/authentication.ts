import { db } from '#lib/db'
import { decide } from '#lib/iam/authorize'
import type { CallerPrincipal } from '#lib/iam/credentials'
import type { RequestContext } from '#lib/operation/context'

/** Whether somebody has anything to sign in with. Before every check of policy there is this one. */
export type Authentication = Readonly<{
  /** `Unknown`: whoever asks may not see the credentials. */
  Decision: 'Allowed' | 'Refused' | 'Unknown'
  Text: string
}>

/**
 * Whether a principal has an active credential of a kind that the request can be made with: for git a Git credential, an SSH
 * public key or an access key, and never root's; for the APIs an access key or a console password.
 */
export async function explainAuthentication(asker: RequestContext, principal: CallerPrincipal, git: boolean): Promise<Authentication> {
  if (principal.type === 'Root') {
    return git
      ? { Decision: 'Refused', Text: 'Every push and pull is authenticated as an IAM user: the root user’s credentials do not open git.' }
      : { Decision: 'Allowed', Text: 'The root user signs in with its password or an access key.' }
  }
  for (const action of ['iam:ListAccessKeys', ...(git ? ['iam:ListServiceSpecificCredentials', 'iam:ListSSHPublicKeys'] : ['iam:GetLoginProfile'])]) {
    const { decision } = await decide(asker, { action, resource: principal.arn })
    if (decision !== 'Allowed') return { Decision: 'Unknown', Text: `Not looked at: ${action} on this user is refused to you.` }
  }
  const where = { userId: principal.principalId, status: 'Active' }
  const held = git
    ? [
        counted(await db().serviceSpecificCredential.count({ where: { ...where, serviceName: 'codecommit.amazonaws.com' } }), 'Git credential'),
        counted(await db().sshPublicKey.count({ where }), 'SSH public key'),
        counted(await db().accessKey.count({ where }), 'access key'),
      ]
    : [
        counted(await db().accessKey.count({ where }), 'access key'),
        counted(await db().loginProfile.count({ where: { userId: principal.principalId } }), 'console password'),
      ]
  const active = held.filter((text) => text !== null)
  if (active.length > 0) return { Decision: 'Allowed', Text: `${principal.userName} has ${active.join(', ')}, active.` }
  const missing = git ? 'no active Git credentials, SSH public key or access key' : 'neither an active access key nor a console password'
  return { Decision: 'Refused', Text: `${principal.userName} has ${missing}: nobody can be authenticated as this user.` }
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} ${what}${count === 1 ? '' : 's'}`
}
