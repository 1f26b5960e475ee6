import { hash } from 'node:crypto'

/** What a signature is good for: one day, one Region, one service. */
export type CredentialScope = Readonly<{
  /** `YYYYMMDD` */
  date: string
  region: string
  service: string
}>

/** The scope as it stands in a credential, after the access key ID. */
export function formatScope({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`
}

/**
 * What the signing key signs: algorithm, time, scope, and the hash of the canonical request.
 *
 * @param amzDate  as it was signed: `YYYYMMDDTHHMMSSZ`
 */
export function stringToSign(amzDate: string, scope: CredentialScope, canonical: string): string {
  // The canonical request holds header values as bytes, one character each. Text that cannot be such bytes (a caller's
  // own) is hashed as UTF-8, for latin1 would cut its characters down to others.
  const encoding = /[^\0-\xff]/.test(canonical) ? 'utf8' : 'latin1'
  const digest = hash('sha256', Buffer.from(canonical, encoding), 'hex')
  return `AWS4-HMAC-SHA256\n${amzDate}\n${formatScope(scope)}\n${digest}`
}
