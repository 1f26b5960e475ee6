import { z } from 'zod'
import { defineOperation, type AnyOperation } from '#lib/operation/define'
import { unsupportedOperation } from '#lib/kms/exceptions'

/**
 * Operations of the real service that need what Codekeep does not have: asymmetric and HMAC keys, imported key material, custom
 * key stores, multi-Region keys, grants. Each is refused in so many words, and recorded.
 */
export const unsupportedOperations: Readonly<Record<string, AnyOperation>> = Object.fromEntries(
  [
    'ConnectCustomKeyStore', 'CreateCustomKeyStore', 'CreateGrant', 'DeleteCustomKeyStore', 'DeleteImportedKeyMaterial',
    'DeriveSharedSecret', 'DescribeCustomKeyStores', 'DisconnectCustomKeyStore', 'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext', 'GenerateMac', 'GetKeyLastUsage', 'GetParametersForImport', 'GetPublicKey',
    'ImportKeyMaterial', 'ListGrants', 'ListRetirableGrants', 'ReplicateKey', 'RetireGrant', 'RevokeGrant', 'Sign',
    'UpdateCustomKeyStore', 'UpdatePrimaryRegion', 'Verify', 'VerifyMac',
  ].map((name) => [name, unsupported(name)]),
)

function unsupported(name: string): AnyOperation {
  return defineOperation({
    service: 'kms',
    name,
    readOnly: /^(Describe|Get|List|Verify|Sign|Generate|Derive)/.test(name),
    input: z.object({}),
    resolve: () => {
      throw unsupportedOperation(name)
    },
    handler: () => undefined,
    requestParameters: () => null,
  })
}
