/** How far something is; without a value, that it goes on. `text` is what a screen reader says for it. */
export function ProgressBar({ label, text, value, of }: { label: string; text: string; value?: number; of?: number }) {
  const percent = value === undefined || of === undefined || of === 0 ? undefined : Math.min(100, Math.floor((value * 100) / of))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== undefined && { 'aria-valuenow': percent })}
      aria-valuetext={text}
      className="h-2 overflow-hidden rounded-full border border-line bg-sunken"
    >
      <div className={percent === undefined ? 'h-full w-1/3 animate-wait bg-accent' : 'h-full bg-accent'} style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  )
}
