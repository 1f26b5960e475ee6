'use server'
import {
  AddUserToGroup,
  AttachGroupPolicy,
  AttachUserPolicy,
  ChangePassword,
  CreateAccessKey,
  CreateGroup,
  CreateLoginProfile,
  CreatePolicy,
  CreatePolicyVersion,
  CreateServiceSpecificCredential,
  CreateUser,
  CreateVirtualMFADevice,
  DeactivateMFADevice,
  DeleteAccessKey,
  DeleteGroup,
  DeleteGroupPolicy,
  DeleteLoginProfile,
  DeletePolicy,
  DeletePolicyVersion,
  DeleteServiceSpecificCredential,
  DeleteSSHPublicKey,
  DeleteUser,
  DeleteUserPolicy,
  DeleteVirtualMFADevice,
  DetachGroupPolicy,
  DetachUserPolicy,
  EnableMFADevice,
  PutGroupPolicy,
  PutUserPolicy,
  RemoveUserFromGroup,
  ResetServiceSpecificCredential,
  SetDefaultPolicyVersion,
  UpdateAccessKey,
  UpdateLoginProfile,
  UpdateServiceSpecificCredential,
  UpdateSSHPublicKey,
  UploadSSHPublicKey,
} from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { formAction, optionalText, text } from '../../form-action.ts'
import { paths } from '../../paths.ts'
import { qrCode } from './qr-code.ts'

// Users

export const createUser = formAction(
  async (context, form) => {
    const UserName = text(form, 'UserName').trim()
    await invoke(CreateUser, context, { UserName })
    const Password = optionalText(form, 'Password')
    if (Password !== undefined) {
      try {
        await invoke(CreateLoginProfile, context, { UserName, Password, PasswordResetRequired: text(form, 'PasswordResetRequired') === 'true' })
      } catch (error) {
        // All of the form or nothing of it: it can be sent again as it stands.
        await invoke(DeleteUser, context, { UserName })
        throw error
      }
    }
    return { message: `User ${UserName} created`, to: paths.user(UserName) }
  },
  { EntityAlreadyExists: 'UserName', PasswordPolicyViolation: 'Password' },
)

export const deleteUser = formAction(async (context, form) => {
  const UserName = text(form, 'UserName')
  await invoke(DeleteUser, context, { UserName })
  return { message: `User ${UserName} deleted`, to: paths.users() }
})

// What a user may do

export const putUserPolicy = formAction(
  async (context, form) => {
    const UserName = text(form, 'UserName')
    const PolicyName = text(form, 'PolicyName').trim()
    await invoke(PutUserPolicy, context, { UserName, PolicyName, PolicyDocument: text(form, 'PolicyDocument') })
    return { message: `Policy ${PolicyName} saved`, to: paths.user(UserName) }
  },
  { MalformedPolicyDocument: 'PolicyDocument' },
)

export const deleteUserPolicy = formAction(async (context, form) => {
  await invoke(DeleteUserPolicy, context, { UserName: text(form, 'UserName'), PolicyName: text(form, 'PolicyName') })
  return { message: 'Policy deleted' }
})

export const attachUserPolicy = formAction(async (context, form) => {
  await invoke(AttachUserPolicy, context, { UserName: text(form, 'UserName'), PolicyArn: optionalText(form, 'PolicyArn') })
  return { message: 'Policy attached' }
})

export const detachUserPolicy = formAction(async (context, form) => {
  await invoke(DetachUserPolicy, context, { UserName: text(form, 'UserName'), PolicyArn: text(form, 'PolicyArn') })
  return { message: 'Policy detached' }
})

export const createPolicy = formAction(
  async (context, form) => {
    const { Policy } = await invoke(CreatePolicy, context, {
      PolicyName: text(form, 'PolicyName').trim(),
      Description: optionalText(form, 'Description'),
      PolicyDocument: text(form, 'PolicyDocument'),
    })
    return { message: `Policy ${Policy.PolicyName} created`, to: paths.policy(Policy.Arn) }
  },
  { MalformedPolicyDocument: 'PolicyDocument', EntityAlreadyExists: 'PolicyName' },
)

export const createPolicyVersion = formAction(
  async (context, form) => {
    const PolicyArn = text(form, 'PolicyArn')
    await invoke(CreatePolicyVersion, context, { PolicyArn, PolicyDocument: text(form, 'PolicyDocument'), SetAsDefault: text(form, 'SetAsDefault') === 'true' })
    return { message: 'Version created', to: paths.policy(PolicyArn) }
  },
  { MalformedPolicyDocument: 'PolicyDocument' },
)

export const setDefaultPolicyVersion = formAction(async (context, form) => {
  const VersionId = text(form, 'VersionId')
  await invoke(SetDefaultPolicyVersion, context, { PolicyArn: text(form, 'PolicyArn'), VersionId })
  return { message: `${VersionId} is the default version` }
})

export const deletePolicyVersion = formAction(async (context, form) => {
  await invoke(DeletePolicyVersion, context, { PolicyArn: text(form, 'PolicyArn'), VersionId: text(form, 'VersionId') })
  return { message: 'Version deleted' }
})

export const deletePolicy = formAction(async (context, form) => {
  await invoke(DeletePolicy, context, { PolicyArn: text(form, 'PolicyArn') })
  return { message: 'Policy deleted', to: paths.policies() }
})

// Groups

export const createGroup = formAction(
  async (context, form) => {
    const GroupName = text(form, 'GroupName').trim()
    await invoke(CreateGroup, context, { GroupName })
    return { message: `Group ${GroupName} created`, to: paths.group(GroupName) }
  },
  { EntityAlreadyExists: 'GroupName' },
)

export const deleteGroup = formAction(async (context, form) => {
  await invoke(DeleteGroup, context, { GroupName: text(form, 'GroupName') })
  return { message: 'Group deleted', to: paths.groups() }
})

export const addUserToGroup = formAction(async (context, form) => {
  await invoke(AddUserToGroup, context, { UserName: text(form, 'UserName'), GroupName: optionalText(form, 'GroupName') })
  return { message: 'Added to the group' }
})

export const removeUserFromGroup = formAction(async (context, form) => {
  await invoke(RemoveUserFromGroup, context, { UserName: text(form, 'UserName'), GroupName: text(form, 'GroupName') })
  return { message: 'Removed from the group' }
})

export const putGroupPolicy = formAction(
  async (context, form) => {
    const GroupName = text(form, 'GroupName')
    const PolicyName = text(form, 'PolicyName').trim()
    await invoke(PutGroupPolicy, context, { GroupName, PolicyName, PolicyDocument: text(form, 'PolicyDocument') })
    return { message: `Policy ${PolicyName} saved`, to: paths.group(GroupName) }
  },
  { MalformedPolicyDocument: 'PolicyDocument' },
)

export const deleteGroupPolicy = formAction(async (context, form) => {
  await invoke(DeleteGroupPolicy, context, { GroupName: text(form, 'GroupName'), PolicyName: text(form, 'PolicyName') })
  return { message: 'Policy deleted' }
})

export const attachGroupPolicy = formAction(async (context, form) => {
  await invoke(AttachGroupPolicy, context, { GroupName: text(form, 'GroupName'), PolicyArn: optionalText(form, 'PolicyArn') })
  return { message: 'Policy attached' }
})

export const detachGroupPolicy = formAction(async (context, form) => {
  await invoke(DetachGroupPolicy, context, { GroupName: text(form, 'GroupName'), PolicyArn: text(form, 'PolicyArn') })
  return { message: 'Policy detached' }
})

// Credentials. What is secret in an answer is shown once and kept nowhere.

export const createAccessKey = formAction(async (context, form) => {
  const UserName = text(form, 'UserName')
  const { AccessKey } = await invoke(CreateAccessKey, context, { UserName: UserName || undefined })
  return {
    secret: {
      title: 'Access key created',
      description: 'For the AWS CLI, the SDKs and Terraform.',
      items: [
        ['Access key ID', AccessKey.AccessKeyId],
        ['Secret access key', AccessKey.SecretAccessKey],
      ],
      file: { name: `${UserName || 'root'}_accessKeys.csv`, text: `Access key ID,Secret access key\r\n${AccessKey.AccessKeyId},${AccessKey.SecretAccessKey}\r\n` },
    },
  }
})

export const updateAccessKey = formAction(async (context, form) => {
  const Status = text(form, 'Status')
  await invoke(UpdateAccessKey, context, { UserName: optionalText(form, 'UserName'), AccessKeyId: text(form, 'AccessKeyId'), Status })
  return { message: Status === 'Active' ? 'Access key made active' : 'Access key made inactive' }
})

export const deleteAccessKey = formAction(async (context, form) => {
  await invoke(DeleteAccessKey, context, { UserName: optionalText(form, 'UserName'), AccessKeyId: text(form, 'AccessKeyId') })
  return { message: 'Access key deleted' }
})

export const createGitCredentials = formAction(async (context, form) => {
  const UserName = text(form, 'UserName')
  const { ServiceSpecificCredential } = await invoke(CreateServiceSpecificCredential, context, { UserName, ServiceName: 'codecommit.amazonaws.com' })
  return { secret: gitCredentials('Git credentials created', UserName, ServiceSpecificCredential) }
})

export const resetGitCredentials = formAction(async (context, form) => {
  const UserName = text(form, 'UserName')
  const { ServiceSpecificCredential } = await invoke(ResetServiceSpecificCredential, context, {
    UserName,
    ServiceSpecificCredentialId: text(form, 'ServiceSpecificCredentialId'),
  })
  return { secret: gitCredentials('Password reset', UserName, ServiceSpecificCredential) }
})

export const updateGitCredentials = formAction(async (context, form) => {
  const Status = text(form, 'Status')
  await invoke(UpdateServiceSpecificCredential, context, {
    UserName: text(form, 'UserName'),
    ServiceSpecificCredentialId: text(form, 'ServiceSpecificCredentialId'),
    Status,
  })
  return { message: Status === 'Active' ? 'Git credentials made active' : 'Git credentials made inactive' }
})

export const deleteGitCredentials = formAction(async (context, form) => {
  await invoke(DeleteServiceSpecificCredential, context, {
    UserName: text(form, 'UserName'),
    ServiceSpecificCredentialId: text(form, 'ServiceSpecificCredentialId'),
  })
  return { message: 'Git credentials deleted' }
})

export const uploadSshPublicKey = formAction(
  async (context, form) => {
    const { SSHPublicKey } = await invoke(UploadSSHPublicKey, context, {
      UserName: text(form, 'UserName'),
      SSHPublicKeyBody: text(form, 'SSHPublicKeyBody').trim(),
    })
    return { message: `SSH public key uploaded: ${SSHPublicKey.SSHPublicKeyId}` }
  },
  {
    InvalidPublicKey: 'SSHPublicKeyBody',
    UnrecognizedPublicKeyEncoding: 'SSHPublicKeyBody',
    DuplicateSSHPublicKey: 'SSHPublicKeyBody',
  },
)

export const updateSshPublicKey = formAction(async (context, form) => {
  const Status = text(form, 'Status')
  await invoke(UpdateSSHPublicKey, context, { UserName: text(form, 'UserName'), SSHPublicKeyId: text(form, 'SSHPublicKeyId'), Status })
  return { message: Status === 'Active' ? 'SSH public key made active' : 'SSH public key made inactive' }
})

export const deleteSshPublicKey = formAction(async (context, form) => {
  await invoke(DeleteSSHPublicKey, context, { UserName: text(form, 'UserName'), SSHPublicKeyId: text(form, 'SSHPublicKeyId') })
  return { message: 'SSH public key deleted' }
})

export const setPassword = formAction(
  async (context, form) => {
    const input = {
      UserName: text(form, 'UserName'),
      Password: text(form, 'Password'),
      PasswordResetRequired: text(form, 'PasswordResetRequired') === 'true',
    }
    if (text(form, 'has') === 'true') await invoke(UpdateLoginProfile, context, input)
    else await invoke(CreateLoginProfile, context, input)
    return { message: 'Console password set' }
  },
  { PasswordPolicyViolation: 'Password' },
)

export const deletePassword = formAction(async (context, form) => {
  await invoke(DeleteLoginProfile, context, { UserName: text(form, 'UserName') })
  return { message: 'Console password removed' }
})

export const changeOwnPassword = formAction(
  async (context, form) => {
    await invoke(ChangePassword, context, { OldPassword: text(form, 'OldPassword'), NewPassword: text(form, 'NewPassword') })
    // It has ended every session, this one too.
    return { message: 'Password changed', to: paths.signIn(paths.myCredentials()) }
  },
  { PasswordPolicyViolation: 'NewPassword', InvalidUserType: 'OldPassword' },
)

/** First the device is made and its secret answered; with a SerialNumber, its two codes are proved and it is the user's. */
export const assignMfaDevice = formAction(
  async (context, form) => {
    const SerialNumber = optionalText(form, 'SerialNumber')
    if (SerialNumber !== undefined) {
      await invoke(EnableMFADevice, context, {
        UserName: optionalText(form, 'UserName'),
        SerialNumber,
        AuthenticationCode1: text(form, 'AuthenticationCode1').trim(),
        AuthenticationCode2: text(form, 'AuthenticationCode2').trim(),
      })
      return { message: 'MFA device assigned: its code is asked for at the next sign-in' }
    }
    const { VirtualMFADevice } = await invoke(CreateVirtualMFADevice, context, { VirtualMFADeviceName: text(form, 'VirtualMFADeviceName').trim() })
    const { SerialNumber: serial } = VirtualMFADevice
    const seed = new TextDecoder().decode(VirtualMFADevice.Base32StringSeed)
    const name = serial.split('/').at(-1) ?? ''
    const uri = `otpauth://totp/Codekeep:${encodeURIComponent(`${name}@${context.accountId}`)}?secret=${seed}&issuer=Codekeep`
    const { path, size } = qrCode(uri)
    return { answer: { SerialNumber: serial, Seed: seed, Uri: uri, QrPath: path, QrSize: String(size) } }
  },
  { EntityAlreadyExists: 'VirtualMFADeviceName', InvalidAuthenticationCode: 'AuthenticationCode1' },
)

export const removeMfaDevice = formAction(async (context, form) => {
  const SerialNumber = text(form, 'SerialNumber')
  await invoke(DeactivateMFADevice, context, { UserName: optionalText(form, 'UserName'), SerialNumber })
  await invoke(DeleteVirtualMFADevice, context, { SerialNumber })
  return { message: 'MFA device removed' }
})

function gitCredentials(title: string, userName: string, credential: { ServiceUserName: string; ServicePassword: string }) {
  const { ServiceUserName, ServicePassword } = credential
  return {
    title,
    description: 'Git asks for these when it clones or pushes over HTTPS.',
    items: [
      ['User name', ServiceUserName],
      ['Password', ServicePassword],
    ] as const,
    file: { name: `${userName}_codecommit_credentials.csv`, text: `User Name,Password\r\n${ServiceUserName},${ServicePassword}\r\n` },
  }
}
