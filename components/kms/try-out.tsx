'use client'
import { useState } from 'react'
import { useAnswer } from '#components/console/form.tsx'
import { Button, IconButton } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { controlClass } from '#components/ui/field.tsx'

/** The pairs of an encryption context. A pair without a key is left out. */
export function ContextPairs() {
  const [pairs, setPairs] = useState<readonly number[]>([0])
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">Encryption context</legend>
      {pairs.map((pair, index) => (
        <div key={pair} className="flex items-center gap-1.5">
          <input name="contextKey" aria-label={`Key ${index + 1}`} placeholder="key" autoComplete="off" spellCheck={false} className={classNames(controlClass, 'w-full')} />
          <input name="contextValue" aria-label={`Value ${index + 1}`} placeholder="value" autoComplete="off" spellCheck={false} className={classNames(controlClass, 'w-full')} />
          <IconButton icon="close" label={`Remove pair ${index + 1}`} disabled={pairs.length === 1} onClick={() => setPairs(pairs.filter((each) => each !== pair))} />
        </div>
      ))}
      <Button variant="quiet" icon="add" className="self-start" onClick={() => setPairs([...pairs, (pairs.at(-1) ?? 0) + 1])}>
        Add a pair
      </Button>
    </fieldset>
  )
}

/** What Encrypt answered. */
export function CiphertextAnswer() {
  const ciphertext = useAnswer()?.['CiphertextBlob']
  return ciphertext === undefined ? null : <Answer title="Ciphertext (base64)" text={ciphertext} label="ciphertext" />
}

/** What Decrypt answered. */
export function PlaintextAnswer() {
  const answer = useAnswer()
  const text = answer?.['Plaintext'] ?? answer?.['PlaintextBase64']
  return text === undefined ? null : <Answer title={answer?.['Plaintext'] === undefined ? 'Plaintext (base64: it is not text)' : 'Plaintext'} text={text} label="plaintext" />
}

function Answer({ title, text, label }: { title: string; text: string; label: string }) {
  return (
    <div role="status" className="flex flex-col gap-1">
      <span className="font-medium">{title}</span>
      <CodeBlock code={text} label={label} className="[&_pre]:wrap-anywhere [&_pre]:whitespace-pre-wrap" />
    </div>
  )
}
