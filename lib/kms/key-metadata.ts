import type { Key } from '#lib/kms/keys'

/** What DescribeKey and CreateKey answer about a key (aws-facts A.4). */
export function keyMetadata(key: Key) {
  return {
    AWSAccountId: key.accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.creationDate,
    Enabled: key.keyState === 'Enabled',
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: key.keyState,
    ...(key.keyState === 'PendingDeletion' && key.deletionDate && { DeletionDate: key.deletionDate }),
    Origin: key.origin,
    KeyManager: key.keyManager,
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    EncryptionAlgorithms: [key.keySpec],
    MultiRegion: false,
    CurrentKeyMaterialId: key.currentKeyMaterialId,
  }
}
