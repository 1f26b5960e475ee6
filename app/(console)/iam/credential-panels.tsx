import type { ReactNode } from 'react'
import type { Action } from '#components/console/action-state.ts'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput, FormTextarea } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { Time, TimeAgo } from '#components/console/time.tsx'
import { GuardedForm } from '#components/iam/guarded-form.tsx'
import { SwitchedCredential } from '#components/iam/switched-credential.tsx'
import { Checkbox } from '#components/ui/field.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { GetLoginProfile, ListAccessKeys, ListServiceSpecificCredentials, ListSSHPublicKeys } from '#lib/iam/api'
import type { RequestContext } from '#lib/operation/context'
import { attempt } from '../../attempt.ts'
import {
  createAccessKey,
  createGitCredentials,
  deleteAccessKey,
  deleteGitCredentials,
  deletePassword,
  deleteSshPublicKey,
  resetGitCredentials,
  setPassword,
  updateAccessKey,
  updateGitCredentials,
  updateSshPublicKey,
  uploadSshPublicKey,
} from './actions.ts'

/** Whose credentials a panel shows: a user's, or with no name the root user's own. */
type PartProps = { context: RequestContext; UserName: string }
type OwnerProps = { context: RequestContext; UserName: string | undefined }

export async function GitCredentials({ context, UserName }: PartProps) {
  const got = await attempt(ListServiceSpecificCredentials, context, { UserName, ServiceName: 'codecommit.amazonaws.com' })
  const held = got.ok ? got.output.ServiceSpecificCredentials : []
  return (
    <Panel
      title="HTTPS Git credentials for AWS CodeCommit"
      description="A user name and a password for git over HTTPS. A user may have two, to change from one to the other."
      flush
      actions={
        <DialogForm
          button="Generate credentials"
          title="Generate Git credentials"
          description={`The password is made here and shown once. It clones and pushes as ${UserName}, within ${UserName}'s policies.`}
          action={createGitCredentials}
          hidden={{ UserName }}
          submit="Generate"
          reason={held.length >= 2 ? 'A user may have two. Delete one first.' : undefined}
        />
      }
    >
      {got.ok ? (
        <Rows empty="No Git credentials.">
          {held.map(({ ServiceUserName, ServiceSpecificCredentialId, Status, CreateDate }) => (
            <SwitchedCredential
              key={ServiceSpecificCredentialId}
              id={ServiceUserName}
              name="Git user name"
              active={Status === 'Active'}
              facts={[
                ['ID', ServiceSpecificCredentialId],
                ['Created', <Time key="created" at={CreateDate} />],
              ]}
              what="Git credentials"
              update={updateGitCredentials}
              hidden={{ UserName, ServiceSpecificCredentialId }}
              before={
                <DialogForm
                  button="Reset password"
                  variant="quiet"
                  title="Reset the password"
                  description="The old password stops working at once. The user name stays."
                  action={resetGitCredentials}
                  hidden={{ UserName, ServiceSpecificCredentialId }}
                  submit="Reset password"
                />
              }
              after={<Delete what="Git credentials" action={deleteGitCredentials} hidden={{ UserName, ServiceSpecificCredentialId }} />}
            />
          ))}
        </Rows>
      ) : (
        <Problem problem={got.problem} />
      )}
    </Panel>
  )
}

export async function SshPublicKeys({ context, UserName }: PartProps) {
  const got = await attempt(ListSSHPublicKeys, context, { UserName })
  const held = got.ok ? got.output.SSHPublicKeys : []
  return (
    <Panel
      title="SSH public keys for AWS CodeCommit"
      description="The SSH key ID is the user name of the clone URL."
      flush
      actions={
        <DialogForm
          button="Upload SSH public key"
          title="Upload SSH public key"
          action={uploadSshPublicKey}
          hidden={{ UserName }}
          submit="Upload"
          reason={held.length >= 5 ? 'A user may have five. Delete one first.' : undefined}
        >
          <FormTextarea name="SSHPublicKeyBody" label="Public key" description="The contents of id_ed25519.pub or id_rsa.pub, or a PEM public key. Never the private key." className="font-mono" rows={6} required />
        </DialogForm>
      }
    >
      {got.ok ? (
        <Rows empty="No SSH public keys.">
          {held.map(({ SSHPublicKeyId, Status, UploadDate }) => (
            <SwitchedCredential
              key={SSHPublicKeyId}
              id={SSHPublicKeyId}
              name="SSH key ID"
              active={Status === 'Active'}
              facts={[['Uploaded', <Time key="uploaded" at={UploadDate} />]]}
              what="SSH public key"
              update={updateSshPublicKey}
              hidden={{ UserName, SSHPublicKeyId }}
              after={<Delete what="SSH public key" action={deleteSshPublicKey} hidden={{ UserName, SSHPublicKeyId }} />}
            />
          ))}
        </Rows>
      ) : (
        <Problem problem={got.problem} />
      )}
    </Panel>
  )
}

export async function AccessKeys({ context, UserName }: OwnerProps) {
  const who = UserName ?? 'the root user'
  const owner = UserName === undefined ? undefined : { UserName }
  const got = await attempt(ListAccessKeys, context, { UserName })
  const held = got.ok ? got.output.AccessKeyMetadata : []
  return (
    <Panel
      title="Access keys"
      description="For the AWS CLI, the SDKs, Terraform and git-remote-codecommit. A user may have two."
      flush
      actions={
        <DialogForm
          button="Create access key"
          title="Create access key"
          description={`The secret is made here and shown once. It signs requests as ${who}${UserName === undefined ? ', whom no IAM policy limits' : `, within ${UserName}'s policies`}.`}
          action={createAccessKey}
          hidden={{ ...owner }}
          submit="Create access key"
          reason={held.length >= 2 ? 'A user may have two. Delete one first.' : undefined}
        />
      }
    >
      {got.ok ? (
        <Rows empty="No access keys.">
          {held.map(({ AccessKeyId, Status, CreateDate }) => (
            <SwitchedCredential
              key={AccessKeyId}
              id={AccessKeyId}
              name="access key ID"
              active={Status === 'Active'}
              facts={[['Created', <Time key="created" at={CreateDate} />]]}
              what="access key"
              update={updateAccessKey}
              hidden={{ ...owner, AccessKeyId }}
              operation="UpdateAccessKey"
              after={<Delete what="access key" guard={['DeleteAccessKey', AccessKeyId]} action={deleteAccessKey} hidden={{ ...owner, AccessKeyId }} confirm={AccessKeyId} />}
            />
          ))}
        </Rows>
      ) : (
        <Problem problem={got.problem} />
      )}
    </Panel>
  )
}

export async function ConsolePassword({ context, UserName }: PartProps) {
  const got = await attempt(GetLoginProfile, context, { UserName })
  const has = got.ok
  if (!got.ok && got.problem.code !== 'NoSuchEntity') {
    return (
      <Panel title="Console password">
        <ProblemMessage problem={got.problem} />
      </Panel>
    )
  }
  return (
    <Panel
      title="Console password"
      actions={
        <>
          <DialogForm
            button={has ? 'Change password' : 'Set password'}
            title={has ? `Change the console password of ${UserName}` : `Set a console password for ${UserName}`}
            action={setPassword}
            hidden={{ UserName, has: String(has) }}
            submit={has ? 'Change password' : 'Set password'}
          >
            <FormInput name="Password" label="Password" description="8 to 128 characters, of three kinds: upper case, lower case, digits, others" type="password" autoComplete="new-password" required />
            <Checkbox name="PasswordResetRequired" value="true" label="The user must choose another at the next sign-in" />
          </DialogForm>
          {has && (
            <GuardedForm
              operation="DeleteLoginProfile"
              name={UserName}
              button="Remove password"
              title={`Remove the console password of ${UserName}`}
              description={`${UserName} can no longer sign in here, and open sessions end. Git and the APIs are not affected.`}
              action={deletePassword}
              hidden={{ UserName }}
              danger
              submit="Remove password"
            />
          )}
        </>
      }
    >
      {got.ok ? (
        <p>
          Set <TimeAgo at={got.output.LoginProfile.CreateDate} />
          {got.output.LoginProfile.PasswordResetRequired && '; to be changed at the next sign-in'}.
        </p>
      ) : (
        <p className="text-ink-2">None: this user cannot sign in to the console.</p>
      )}
    </Panel>
  )
}

/** `guard`: the operation that is asked about first, and the name that confirms a lockout; credentials for git need none. */
type ActionProps = { what: string; guard?: readonly [operation: string | undefined, name: string]; action: Action; hidden: Readonly<Record<string, string>> }

function Delete({ what, guard: [operation, name] = [undefined, ''], confirm, action, hidden }: ActionProps & { confirm?: string }) {
  return (
    <GuardedForm
      operation={operation}
      name={name}
      button="Delete"
      variant="quiet"
      title={`Delete the ${what}`}
      description="Whatever uses it is refused from now on. This cannot be undone."
      action={action}
      hidden={hidden}
      {...(confirm !== undefined && { confirm })}
      danger
      submit="Delete"
    />
  )
}

function Rows({ empty, children }: { empty: string; children: ReactNode[] }) {
  return children.length === 0 ? <p className="p-4 text-ink-2">{empty}</p> : <ul>{children}</ul>
}

function Problem({ problem }: { problem: Parameters<typeof ProblemMessage>[0]['problem'] }) {
  return (
    <div className="p-4">
      <ProblemMessage problem={problem} />
    </div>
  )
}
