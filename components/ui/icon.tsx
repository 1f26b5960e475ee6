import type { ReactElement } from 'react'
import { classNames } from './class-names.ts'

/**
 * A glyph of the console's own set: 16 units square, drawn with one 1.5-unit stroke. Always decoration: what it stands for
 * is said in words beside it, or by the label of the control that holds it.
 */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={classNames('size-4 shrink-0', className)}
    >
      {glyphs[name]}
    </svg>
  )
}

export type IconName = keyof typeof glyphs

const glyphs = {
  add: <path d="M8 3.5v9M3.5 8h9" />,
  branch: (
    <>
      <circle cx="4.5" cy="3.5" r="1.5" />
      <circle cx="4.5" cy="12.5" r="1.5" />
      <circle cx="11.5" cy="5.5" r="1.5" />
      <path d="M4.5 5v6M11.5 7c0 3-4 2.5-6.6 4" />
    </>
  ),
  check: <path d="m3.5 8.5 3 3 6-7" />,
  chevronDown: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  chevronRight: <path d="m6.5 4.5 3.5 3.5-3.5 3.5" />,
  columns: <path d="M2.5 3.5h11v9h-11zM6.25 3.5v9M9.75 3.5v9" />,
  close: <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="7.5" height="7.5" rx="1" />
      <path d="M10.5 3.5v-.5a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v5.5a1 1 0 0 0 1 1h.5" />
    </>
  ),
  commit: (
    <>
      <circle cx="8" cy="8" r="2.25" />
      <path d="M1.5 8h4M10.5 8h4" />
    </>
  ),
  command: <path d="M5.5 5.5h5v5h-5zM5.5 5.5h-1.25a1.75 1.75 0 1 1 1.25-1.75zM10.5 5.5V3.75a1.75 1.75 0 1 1 1.25 1.75zM10.5 10.5h1.25a1.75 1.75 0 1 1-1.25 1.75zM5.5 10.5v1.75a1.75 1.75 0 1 1-1.25-1.75z" />,
  danger: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 5v3.5M8 11h.01" />
    </>
  ),
  external: <path d="M9.5 3h3.5v3.5M13 3 7.5 8.5M11.5 9.5V13H3V4.5h3.5" />,
  file: <path d="M4 2.5h5L12 5.5v8H4zM9 2.5v3h3" />,
  folder: <path d="M2.5 12.5v-9h4l1.5 2h5.5v7z" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.5V11M8 5h.01" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="11" r="2.5" />
      <path d="m6.8 9.2 6.2-6.2M10.5 5.5l2 2" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.25" />,
  repository: <path d="M3.5 13V3.5a1 1 0 0 1 1-1h8v9h-8a1 1 0 0 0-1 1.25 1 1 0 0 0 1 .75h8" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5" />
    </>
  ),
  sort: <path d="m5 6 3-3 3 3M5 10l3 3 3-3" />,
  success: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.5 8.2 1.75 1.8 3.25-4" />
    </>
  ),
  trail: <path d="M2.5 3.5h11M2.5 8h7M2.5 12.5h9M13.5 8h.01" />,
  user: (
    <>
      <circle cx="8" cy="5.5" r="2.75" />
      <path d="M2.5 13.5c.8-2.6 2.9-3.75 5.5-3.75s4.7 1.15 5.5 3.75" />
    </>
  ),
  warning: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11.25h.01" />,
} satisfies Record<string, ReactElement>

/** Every glyph there is, by name. */
export const iconNames = Object.keys(glyphs) as IconName[]
