import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { Status } from '#components/ui/badge.tsx'
import type { OwnCredentials } from '#lib/iam/own-credentials'

/** How one may sign in to git. */
export type CloneTransport = 'https' | 'ssh' | 'grc'

/** What this user still lacks for one of the ways to clone, and where it is made. `viewer` null: the root user, who has none. */
export function CredentialSteps({ transport, viewer }: { transport: CloneTransport; viewer: Readonly<{ userName: string; credentials: OwnCredentials }> | null }) {
  if (!viewer) {
    return (
      <p className="text-ink-2">
        The root user has no credentials for git: <Link href={paths.users()}>choose or create a user</Link>.
      </p>
    )
  }
  const { needs, has, lacks, steps } = ways[transport]
  const own = paths.user(viewer.userName, 'security-credentials')
  return has(viewer.credentials) ? (
    <div className="flex flex-col gap-1 text-ink-2">
      <p>{needs}</p>
      <Link href={own}>Your credentials</Link>
    </div>
  ) : (
    <div className="flex flex-col gap-1">
      <Status tone="warning">{lacks}</Status>
      <ol className="list-decimal pl-5 text-ink-2">
        {steps.map((step) => (
          <li key={step} className="wrap-anywhere">
            {step}
          </li>
        ))}
      </ol>
      <Link href={own}>Your credentials</Link>
    </div>
  )
}

type Way = Readonly<{ needs: string; has: (own: OwnCredentials) => boolean; lacks: string; steps: readonly string[] }>

const ways: Readonly<Record<CloneTransport, Way>> = {
  https: {
    needs: 'Git asks for the user name and password of your Git credentials.',
    has: ({ gitCredentials }) => gitCredentials,
    lacks: 'You have no Git credentials yet',
    steps: ['Generate Git credentials for CodeCommit.', 'Keep the password: it is shown once.'],
  },
  ssh: {
    needs: 'With your SSH public key; its ID is the user name in the URL.',
    has: ({ sshPublicKeyId }) => sshPublicKeyId !== undefined,
    lacks: 'You have no SSH public key here yet',
    steps: ['Make a key pair: ssh-keygen -t rsa -b 4096', 'Upload its public half, ~/.ssh/id_rsa.pub.', 'The SSH key ID that you get is the user name.'],
  },
  grc: {
    needs: 'With git-remote-codecommit and your access key in ~/.aws/credentials.',
    has: ({ accessKey }) => accessKey,
    lacks: 'You have no access key yet',
    steps: ['Create an access key, and keep it with: aws configure', 'Install the helper: pip install git-remote-codecommit'],
  },
}
