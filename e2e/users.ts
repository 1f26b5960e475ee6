import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteLoginProfileCommand,
  DeletePolicyCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachUserPolicyCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UploadSSHPublicKeyCommand,
} from '@aws-sdk/client-iam'
import { awsClients, rootClients, type AccessKey, type AwsClients } from './aws-clients.ts'
import { gitClient, type GitClient } from './git-client.ts'
import { named } from './named.ts'
import type { RunningServer } from './server.ts'

/** A policy statement as it is written. */
export type Statement = Readonly<Record<string, unknown>>

/** Where a policy that holds for a user may be. */
export type PolicyPlace = 'inline policy' | 'managed policy' | 'group policy' | 'managed policy of a group'

/** An IAM user with one of each credential, made by the root user over the API. */
export type TestUser = Readonly<{
  name: string
  arn: string
  accountId: string
  password: string
  accessKey: AccessKey
  /** Service-specific credentials for CodeCommit. */
  gitCredentials: Readonly<{ id: string; userName: string; password: string }>
  /** The SDK with this user's access key. */
  aws: (region: string) => AwsClients
  /** A git of this user's own, signed in with their Git credentials. */
  git: GitClient
  /** Attaches a policy, and gives what takes it away again. */
  attach: (place: PolicyPlace, policyName: string, ...statements: readonly Statement[]) => Promise<() => Promise<void>>
  /** Makes an SSH key pair, uploads its public half, and tells this user's git of it. Gives the public key's ID. */
  uploadSshKey: () => Promise<string>
  remove: () => Promise<void>
}>

/** Allows all of CodeCommit and, like AWS's own policies for it, nothing of KMS. */
export const allOfCodeCommit: Statement = { Sid: 'AllOfCodeCommit', Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }

/** Makes a user who may do what the statements say; by default all of CodeCommit and nothing else. */
export async function makeUser(server: RunningServer, { name: noun = 'alice', allow = [allOfCodeCommit] }: { name?: string; allow?: readonly Statement[] } = {}): Promise<TestUser> {
  const name = named(noun)
  const { iam } = rootClients(server, 'us-east-1')
  const undo: (() => Promise<unknown>)[] = []
  const password = 'Correct-horse-7-battery'
  await iam.send(new CreateUserCommand({ UserName: name }))
  undo.unshift(() => iam.send(new DeleteUserCommand({ UserName: name })))
  await iam.send(new CreateLoginProfileCommand({ UserName: name, Password: password }))
  undo.unshift(() => iam.send(new DeleteLoginProfileCommand({ UserName: name })))

  const { AccessKey: made } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  const accessKey = { accessKeyId: made?.AccessKeyId ?? '', secretAccessKey: made?.SecretAccessKey ?? '' }
  undo.unshift(() => iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId: accessKey.accessKeyId })))

  const { ServiceSpecificCredential: credential } = await iam.send(new CreateServiceSpecificCredentialCommand({ UserName: name, ServiceName: 'codecommit.amazonaws.com' }))
  const gitCredentials = { id: credential?.ServiceSpecificCredentialId ?? '', userName: credential?.ServiceUserName ?? '', password: credential?.ServicePassword ?? '' }
  undo.unshift(() => iam.send(new DeleteServiceSpecificCredentialCommand({ UserName: name, ServiceSpecificCredentialId: gitCredentials.id })))

  const git = gitClient(server)
  git.signIn(gitCredentials.userName, gitCredentials.password)
  const user: TestUser = {
    name,
    arn: `arn:aws:iam::${server.accountId}:user/${name}`,
    accountId: server.accountId,
    password,
    accessKey,
    gitCredentials,
    aws: (region) => awsClients(server, accessKey, region),
    git,
    attach: async (place, policyName, ...statements) => {
      const detach = await attach(server, name, place, policyName, JSON.stringify({ Version: '2012-10-17', Statement: statements }))
      undo.unshift(detach)
      return async () => {
        undo.splice(undo.indexOf(detach), 1)
        await detach()
      }
    },
    uploadSshKey: async () => {
      const file = join(git.home, 'id_ed_or_rsa')
      // CodeCommit takes RSA keys alone.
      execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '3072', '-N', '', '-C', name, '-f', file])
      const { SSHPublicKey: uploaded } = await iam.send(new UploadSSHPublicKeyCommand({ UserName: name, SSHPublicKeyBody: readFileSync(`${file}.pub`, 'utf8') }))
      const id = uploaded?.SSHPublicKeyId ?? ''
      undo.unshift(() => iam.send(new DeleteSSHPublicKeyCommand({ UserName: name, SSHPublicKeyId: id })))
      git.useSshKey(file)
      return id
    },
    remove: async () => {
      git.remove()
      for (const step of undo) await step()
    },
  }
  if (allow.length > 0) await user.attach('inline policy', 'WhatTheStoryNeeds', ...allow)
  return user
}

async function attach(server: RunningServer, userName: string, place: PolicyPlace, policyName: string, PolicyDocument: string): Promise<() => Promise<void>> {
  const { iam } = rootClients(server, 'us-east-1')
  switch (place) {
    case 'inline policy':
      await iam.send(new PutUserPolicyCommand({ UserName: userName, PolicyName: policyName, PolicyDocument }))
      return async () => {
        await iam.send(new DeleteUserPolicyCommand({ UserName: userName, PolicyName: policyName }))
      }
    case 'managed policy': {
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: policyName, PolicyDocument }))
      await iam.send(new AttachUserPolicyCommand({ UserName: userName, PolicyArn: Policy?.Arn }))
      return async () => {
        await iam.send(new DetachUserPolicyCommand({ UserName: userName, PolicyArn: Policy?.Arn }))
        await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }))
      }
    }
    case 'group policy': {
      const GroupName = named('team')
      await iam.send(new CreateGroupCommand({ GroupName }))
      await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: policyName, PolicyDocument }))
      await iam.send(new AddUserToGroupCommand({ GroupName, UserName: userName }))
      return async () => {
        await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName: userName }))
        await iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName: policyName }))
        await iam.send(new DeleteGroupCommand({ GroupName }))
      }
    }
    case 'managed policy of a group': {
      const GroupName = named('team')
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: policyName, PolicyDocument }))
      await iam.send(new CreateGroupCommand({ GroupName }))
      await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn: Policy?.Arn }))
      await iam.send(new AddUserToGroupCommand({ GroupName, UserName: userName }))
      return async () => {
        await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName: userName }))
        await iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn: Policy?.Arn }))
        await iam.send(new DeleteGroupCommand({ GroupName }))
        await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }))
      }
    }
  }
}
