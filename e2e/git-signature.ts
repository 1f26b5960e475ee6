import { createHash, createHmac } from 'node:crypto'
import type { AccessKey } from './aws-clients.ts'

/**
 * The password that git-remote-codecommit makes of an access key, worked out here a second time from its source: Signature
 * Version 4 with the method `GIT`, over the path and the host, without a payload.
 * https://github.com/aws/git-remote-codecommit/blob/master/git_remote_codecommit/__init__.py
 */
export function gitPassword({ secretAccessKey }: AccessKey, at: Readonly<{ host: string; path: string; region: string }>, now = new Date()): string {
  const time = now.toISOString().replace(/[-:]|\.\d+Z$/g, '')
  const date = time.slice(0, 8)
  const canonical = `GIT\n${at.path}\n\nhost:${at.host}\n\nhost\n`
  const toSign = ['AWS4-HMAC-SHA256', time, `${date}/${at.region}/codecommit/aws4_request`, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const steps = [date, at.region, 'codecommit', 'aws4_request', toSign]
  const signature = steps.reduce<Buffer | string>((key, text) => createHmac('sha256', key).update(text).digest(), `AWS4${secretAccessKey}`)
  return `${time}Z${(signature as Buffer).toString('hex')}`
}
