import type { AnyOperation } from '#lib/operation/define'
import { CreateAlias, DeleteAlias, ListAliases, UpdateAlias } from '#lib/kms/api/aliases'
import { GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom } from '#lib/kms/api/data-keys'
import { Decrypt, Encrypt, ReEncrypt } from '#lib/kms/api/encrypt'
import { CancelKeyDeletion, DeleteKey, ScheduleKeyDeletion } from '#lib/kms/api/key-deletion'
import { GetKeyPolicy, ListKeyPolicies, PutKeyPolicy } from '#lib/kms/api/key-policies'
import { DisableKeyRotation, EnableKeyRotation, GetKeyRotationStatus, ListKeyRotations, RotateKey, RotateKeyOnDemand } from '#lib/kms/api/key-rotation'
import { CreateKey, DescribeKey, DisableKey, EnableKey, UpdateKeyDescription } from '#lib/kms/api/keys'
import { ListKeys } from '#lib/kms/api/list-keys'
import { SearchKeys } from '#lib/kms/api/search-keys'
import { ListResourceTags, TagResource, UntagResource } from '#lib/kms/api/tags'
import { unsupportedOperations } from '#lib/kms/api/unsupported'

// Table of contents of AWS Key Management Service as Codekeep has it: symmetric encryption keys, whole.

/** What other services and the console call through `invoke`. */
export {
  CancelKeyDeletion, CreateAlias, CreateKey, Decrypt, DeleteAlias, DescribeKey, DisableKey, DisableKeyRotation, EnableKey,
  EnableKeyRotation, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom, GetKeyPolicy,
  GetKeyRotationStatus, ListAliases, ListKeyPolicies, ListKeyRotations, ListKeys, ListResourceTags, PutKeyPolicy, ReEncrypt,
  RotateKeyOnDemand, ScheduleKeyDeletion, TagResource, UntagResource, UpdateAlias, UpdateKeyDescription,
}

/** Not on the wire: the console's list, and what KMS does by itself. */
export { DeleteKey, RotateKey, SearchKeys }

/** What the wire dispatches to, by the name after `TrentService.`. */
export const kmsOperations: Readonly<Record<string, AnyOperation>> = Object.assign(Object.create(null) as object, {
  ...unsupportedOperations,
  CancelKeyDeletion, CreateAlias, CreateKey, Decrypt, DeleteAlias, DescribeKey, DisableKey, DisableKeyRotation, EnableKey,
  EnableKeyRotation, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom, GetKeyPolicy,
  GetKeyRotationStatus, ListAliases, ListKeyPolicies, ListKeyRotations, ListKeys, ListResourceTags, PutKeyPolicy, ReEncrypt,
  RotateKeyOnDemand, ScheduleKeyDeletion, TagResource, UntagResource, UpdateAlias, UpdateKeyDescription,
})
