'use client'
import { Button } from '#components/ui/button.tsx'
import { Message } from '#components/ui/message.tsx'

export default function ConsoleError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <Message tone="danger" live title="This page could not be shown" actions={<Button onClick={retry}>Try again</Button>}>
      <p>Something failed on the server that is no answer of a service. Nothing was changed by showing this page.</p>
      {error.digest !== undefined && (
        <p className="text-small">
          The server’s log has the cause under <span className="identifier">{error.digest}</span>.
        </p>
      )}
    </Message>
  )
}
