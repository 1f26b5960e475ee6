'use client'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import type { SshHostKey } from '#lib/codecommit/ssh-host-keys'
import type { ReactNode } from 'react'

export type CloneUrls = Readonly<{
  cloneUrlHttp: string
  cloneUrlSsh: string
  /** What `ssh` shows of this server at the first connection. */
  sshHostKeys: readonly Pick<SshHostKey, 'type' | 'sha256'>[]
  region: string
  repositoryName: string
}>

/** The ways to clone, each with its command and what it needs. `credentials` leads to where this user makes them. */
export function CloneBox({ urls, credentials }: { urls: CloneUrls; credentials: ReactNode }) {
  const { cloneUrlHttp, cloneUrlSsh, sshHostKeys, region, repositoryName } = urls
  return (
    <Tabs
      label="How to clone"
      tabs={[
        {
          id: 'https',
          name: 'HTTPS',
          content: (
            <>
              <Command command={`git clone ${cloneUrlHttp}`} name="HTTPS clone command" />
              <p className="text-ink-2">With the user name and password of your Git credentials. {credentials}</p>
            </>
          ),
        },
        {
          id: 'ssh',
          name: 'SSH',
          content: (
            <>
              <Command command={`git clone ${cloneUrlSsh}`} name="SSH clone command" />
              <p className="text-ink-2">
                With an SSH public key of yours. Its SSH key ID is the user name: write it into the URL before the host, or as <code>User</code> in <code>~/.ssh/config</code>. {credentials}
              </p>
              {sshHostKeys.length > 0 && (
                <div className="mt-2 text-ink-2">
                  At the first connection <code>ssh</code> shows a fingerprint of this server. It must be one of these:
                  <ul>
                    {sshHostKeys.map(({ type, sha256 }) => (
                      <li key={type}>
                        <code className="wrap-anywhere">{sha256}</code> ({type === 'ssh-rsa' ? 'RSA' : 'Ed25519'})
                      </li>
                    ))}
                  </ul>
                </div>
              )}
            </>
          ),
        },
        {
          id: 'grc',
          name: 'HTTPS (GRC)',
          content: (
            <>
              <Command command={`git clone codecommit::${region}://${repositoryName}`} name="git-remote-codecommit clone command" />
              <p className="text-ink-2">
                With <code>git-remote-codecommit</code> and an access key of yours. {credentials}
              </p>
            </>
          ),
        },
      ]}
    />
  )
}

/** One command to type. */
export function Command({ command, name }: { command: string; name: string }) {
  return (
    <div className="flex items-start gap-1 rounded-control border border-line bg-sunken py-1 pr-1 pl-2.5">
      <code className="min-w-0 grow py-0.5 wrap-anywhere">{command}</code>
      <CopyButton text={command} label={`Copy ${name}`} />
    </div>
  )
}
