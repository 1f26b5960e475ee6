'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Actions, Dialog } from '#components/ui/dialog.tsx'
import { Message } from '#components/ui/message.tsx'
import type { Secret } from './action-state.ts'

/** What is shown once: it closes only by saying that it was kept. */
export function SecretDialog({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const [shown, setShown] = useState(false)
  return (
    // Neither Escape nor a click beside it closes: what is here cannot be had again.
    <Dialog title={secret.title} description={secret.description} open closes={false} onOpenChange={onClose}>
      <dl className="flex flex-col gap-3">
        {secret.items.map(([name, value]) => {
          const hidden = /secret|password/i.test(name) && !shown
          return (
            <div key={name}>
              <dt className="text-small text-ink-3">{name}</dt>
              <dd className="flex items-center gap-1">
                <code className="min-w-0 rounded-control bg-sunken px-1.5 py-0.5 wrap-anywhere">{hidden ? '•'.repeat(Math.min(value.length, 40)) : value}</code>
                <CopyButton text={value} label={`Copy ${name.toLowerCase()}`} />
              </dd>
            </div>
          )
        })}
      </dl>
      <Message tone="warning" title="This is the only time it is shown">
        If it is lost, make another and remove this one.
      </Message>
      <Actions>
        <Button onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</Button>
        {secret.file && <Button onClick={() => download(secret.file?.name ?? '', secret.file?.text ?? '')}>Download .csv</Button>}
        <Button variant="primary" onClick={onClose}>
          I have kept it
        </Button>
      </Actions>
    </Dialog>
  )
}

function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
