import { CopyButton } from '#components/ui/copy-button.tsx'

/** An identifier (ARN, ID, URL) with the button that copies it. `name` says what it is: `repository ID`. */
export function Copyable({ text, name }: { text: string; name: string }) {
  return (
    <span className="inline-flex max-w-full items-start gap-0.5">
      <span className="identifier min-w-0 py-0.5">{text}</span>
      <CopyButton text={text} label={`Copy ${name}`} />
    </span>
  )
}
