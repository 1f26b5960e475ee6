/**
 * One line of CSV (RFC 4180). A value that a spreadsheet would take for a formula begins with an apostrophe, which makes it
 * text: user agents and error messages are whatever a caller sent.
 */
export function csvLine(values: readonly string[]): string {
  return `${values.map((value) => `"${(formula.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`).join(',')}\r\n`
}

/** What begins a formula in some spreadsheet, full-width forms too; white space before it is passed over. */
const formula = /^[\s\0]*[=+\-@|%＝＋－＠]|^[\t\r\n]/
