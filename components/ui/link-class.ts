/** The look of a link in text and tables. */
export const linkClass = 'text-accent underline decoration-transparent underline-offset-2 hover:text-accent-hover hover:decoration-current'
