/** An alias as the consoles show it: `aws/codecommit` for `alias/aws/codecommit`. */
export function aliasName(alias: string): string {
  return alias.replace(/^alias\//, '')
}
