/** The look of a menu's button in the bar. */
export const barButtonClass =
  'inline-flex h-7.5 shrink-0 items-center gap-1.5 rounded-control px-2 font-medium whitespace-nowrap text-bar-ink hover:bg-bar-hover ' +
  'focus-visible:outline-bar-ink data-[state=open]:bg-bar-hover'
