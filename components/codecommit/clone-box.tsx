'use client'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import type { SshHostKey } from '#lib/codecommit/ssh-host-keys'
import type { ReactNode } from 'react'
import type { CloneTransport } from './credential-steps.tsx'

export type CloneUrls = Readonly<{
  cloneUrlHttp: string
  cloneUrlSsh: string
  /** What `ssh` shows of this server at the first connection. */
  sshHostKeys: readonly Pick<SshHostKey, 'type' | 'sha256'>[]
  /** The user name of SSH: the ID of this user's key, where there is one. */
  sshUserName: string | undefined
  region: string
  repositoryName: string
}>

/** The ways to clone, each with its command and what it needs. */
export function CloneBox({ urls, credentials }: { urls: CloneUrls; credentials: Readonly<Record<CloneTransport, ReactNode>> }) {
  const { cloneUrlHttp, cloneUrlSsh, sshHostKeys, sshUserName, region, repositoryName } = urls
  const ssh = sshUserName === undefined ? cloneUrlSsh : cloneUrlSsh.replace('ssh://', `ssh://${sshUserName}@`)
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
              {credentials.https}
              <CertificateHelp cloneUrl={cloneUrlHttp} />
            </>
          ),
        },
        {
          id: 'ssh',
          name: 'SSH',
          content: (
            <>
              <Command command={`git clone ${ssh}`} name="SSH clone command" />
              {credentials.ssh}
              {sshHostKeys.length > 0 && (
                <div className="text-ink-2">
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
              {credentials.grc}
            </>
          ),
        },
      ]}
    />
  )
}

/** The server's certificate is by an authority of its own, which git does not know until it is told. */
function CertificateHelp({ cloneUrl }: { cloneUrl: string }) {
  return (
    <details className="text-ink-2">
      <summary>Git does not trust the certificate?</summary>
      <div className="flex flex-col gap-1 pt-1">
        <p>
          Where the server runs, <code>npx codekeep trust</code> tells the system of its authority. Elsewhere get <code>tls/ca.pem</code> of its data folder from whoever runs it, and tell git:
        </p>
        <Command command={`git config --global "http.${new URL(cloneUrl).origin}/.sslCAInfo" "$PWD/ca.pem"`} name="command that tells git of the certificate" />
      </div>
    </details>
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
