import { classNames } from './class-names.ts'
import { CopyButton } from './copy-button.tsx'

/** Text of a machine, as it is: commands, JSON, a policy. It scrolls by itself and can be copied whole; `wrap`: long lines break instead. */
export function CodeBlock({ code, label, wrap = false, className }: { code: string; label: string; wrap?: boolean; className?: string }) {
  return (
    <div className={classNames('flex min-w-0 items-start rounded-control border border-line bg-sunken', className)}>
      {/* Scrollable regions take the focus, so that a keyboard can scroll them. */}
      <pre tabIndex={0} role="region" aria-label={label} className={classNames('max-h-[32rem] min-w-0 grow overflow-auto px-3 py-2 text-small leading-5', wrap && 'wrap-anywhere whitespace-pre-wrap')}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={`Copy ${label}`} className="m-1.5" />
    </div>
  )
}
