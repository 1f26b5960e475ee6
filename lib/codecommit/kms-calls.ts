import { Decrypt, DescribeKey, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, ReEncrypt } from '#lib/kms/api'
import type { AnyOperation } from '#lib/operation/define'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { codecommitKeyAlias } from './key-alias.ts'
import type { RepositoryRow } from './repository-row.ts'
import { ownDataKey } from './storage/data-keys.ts'

/** A KMS operation that CodeCommit calls on the caller's behalf, with the input that policy is asked about. */
export type KmsCall = Readonly<{ operation: AnyOperation; input: unknown }>

type Keyed = Pick<RepositoryRow, 'id' | 'kmsKeyArn'>

/** What a push asks for: a new data key for what it stores. */
export function newDataKey({ id, kmsKeyArn }: Keyed): KmsCall {
  return { operation: GenerateDataKey, input: { KeyId: kmsKeyArn, KeySpec: 'AES_256', EncryptionContext: repositoryEncryptionContext(id) } }
}

/** What every reader asks for: the repository's own data key, opened. Null where it was deleted a moment ago. */
export async function openedDataKey({ id, kmsKeyArn, dataKeyId }: Keyed & Pick<RepositoryRow, 'dataKeyId'>): Promise<KmsCall | null> {
  const stored = await ownDataKey({ dataKeyId })
  return stored && { operation: Decrypt, input: { KeyId: kmsKeyArn, CiphertextBlob: stored.ciphertextBlob, EncryptionContext: repositoryEncryptionContext(id) } }
}

/** What a description asks for: a small value sealed by the key itself. */
export function sealedValue(key: Keyed): KmsCall {
  return { operation: Encrypt, input: { KeyId: key.kmsKeyArn, Plaintext: probe, EncryptionContext: repositoryEncryptionContext(key.id) } }
}

/** What a new repository asks for where the Region has its key; `Encrypt` only where it has a description. */
export function ofNewRepository(keyArn: string, repositoryId: string): KmsCall[] {
  const key = { KeyId: keyArn, EncryptionContext: repositoryEncryptionContext(repositoryId) }
  return [
    { operation: DescribeKey, input: { KeyId: codecommitKeyAlias } },
    { operation: GenerateDataKeyWithoutPlaintext, input: { ...key, KeySpec: 'AES_256' } },
    { operation: Encrypt, input: { ...key, Plaintext: probe } },
  ]
}

/** The six, none of which may be denied to whoever makes the first repository of a Region. */
export function allSix(repositoryId: string): KmsCall[] {
  const key = { KeyId: codecommitKeyAlias, EncryptionContext: repositoryEncryptionContext(repositoryId) }
  const source = { SourceKeyId: codecommitKeyAlias, SourceEncryptionContext: key.EncryptionContext, CiphertextBlob: probe }
  return [
    { operation: DescribeKey, input: { KeyId: codecommitKeyAlias } },
    { operation: GenerateDataKeyWithoutPlaintext, input: { ...key, KeySpec: 'AES_256' } },
    { operation: GenerateDataKey, input: { ...key, KeySpec: 'AES_256' } },
    { operation: Decrypt, input: { ...key, CiphertextBlob: probe } },
    { operation: Encrypt, input: { ...key, Plaintext: probe } },
    { operation: ReEncrypt, input: { ...source, DestinationKeyId: codecommitKeyAlias, DestinationEncryptionContext: key.EncryptionContext } },
  ]
}

const probe = new Uint8Array(1)
