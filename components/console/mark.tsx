/** Codekeep's mark: a keep with its gate, the wall's crenels above. */
export function Mark({ className = 'size-5' }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" className={className} fill="currentColor">
      <path d="M3 2h3v2.5h2.5V2h3v2.5H14V2h3v6l-1.5 1.5V18h-4v-4a1.5 1.5 0 0 0-3 0v4h-4V9.5L3 8z" />
    </svg>
  )
}
