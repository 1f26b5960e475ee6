import { ServiceException } from '#lib/operation/exception'

/**
 * AWS's default password policy (IAM User Guide, "Set an account password policy"): 8 to 128 characters, at least three of
 * upper case, lower case, digits and other characters, and not the account's name.
 *
 * @throws ServiceException — PasswordPolicyViolation; never with the password in it.
 */
export function checkPassword(password: string, accountName: string): void {
  const length = Array.from(password).length
  const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u].filter((kind) => kind.test(password)).length
  if (length >= 8 && length <= 128 && kinds >= 3 && password !== accountName) return
  throw new ServiceException(
    'PasswordPolicyViolation',
    'Password does not conform to the account password policy. It needs 8 to 128 characters, and three of: upper case, lower case, digits, other characters.',
  )
}
