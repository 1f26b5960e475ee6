import { ConfigError, type Secrets } from '#lib/config'
import { isSetUp, setUpRoot, setUpToken } from '#lib/iam/set-up'
import { isServiceException } from '#lib/operation/exception'

/**
 * Sees to it that there is a root user who can sign in, or a way to make one: from the environment at an unattended first
 * start, else by a link that opens once.
 *
 * @returns the token of the link; undefined where the account is set up
 * @throws ConfigError where the environment's password or access key is not one that AWS would take
 */
export async function prepareRoot({ rootPassword, rootAccessKeyId, rootSecretAccessKey }: Secrets): Promise<string | undefined> {
  if (await isSetUp()) return undefined
  if (rootPassword === undefined && rootAccessKeyId === undefined) return setUpToken()
  try {
    await setUpRoot({ password: rootPassword, accessKeyId: rootAccessKeyId, secretAccessKey: rootSecretAccessKey })
  } catch (error) {
    if (isServiceException(error)) throw new ConfigError(`CODEKEEP_ROOT_PASSWORD: ${error.message}`, { cause: error })
    throw error
  }
  return undefined
}
