declare const brand: unique symbol

/** An Amazon Resource Name. */
export type Arn = string & { readonly [brand]: 'Arn' }

/** The six colon-separated fields of an ARN; `resource` keeps its own colons. */
export type ArnFields = Readonly<{
  partition: string
  service: string
  region: string
  accountId: string
  resource: string
}>

/** Writes an ARN. The partition follows from the Region (`aws` for global services). */
export function formatArn(fields: { service: string; region: string; accountId: string; resource: string }): Arn {
  const { service, region, accountId, resource } = fields
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}` as Arn
}

/** Reads an ARN; null where the text is not one. */
export function parseArn(text: string): ArnFields | null {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text)
  if (!match) return null
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = match
  return { partition, service, region, accountId, resource }
}

/** The partition of a Region code. Codekeep serves the AWS partition; the empty Region is a global service's. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}
