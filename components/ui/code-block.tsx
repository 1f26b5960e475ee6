import { classNames } from './class-names.ts'
import { CopyButton } from './copy-button.tsx'

/** Text of a machine, as it is: commands, JSON, a policy. It scrolls by itself and can be copied whole. */
export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  return (
    <div className={classNames('relative min-w-0 rounded-control border border-line bg-sunken', className)}>
      {/* Scrollable regions take the focus, so that a keyboard can scroll them. */}
      <pre tabIndex={0} role="region" aria-label={label} className="max-h-[32rem] overflow-auto py-2 pr-10 pl-3 text-small leading-5">
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={`Copy ${label}`} className="absolute top-1 right-1 bg-sunken" />
    </div>
  )
}
