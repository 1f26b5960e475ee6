import { Form, FormTextarea } from '#components/console/form.tsx'
import { CiphertextAnswer, ContextPairs, PlaintextAnswer } from '#components/kms/try-out.tsx'
import { RefusalList } from '#components/kms/refusal-list.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { decryptText, encryptText } from '../actions.ts'
import type { FoundKey } from '../key-frame.tsx'
import { refusals } from '../key-page.ts'

/** Encrypt and Decrypt, to try a key by hand. */
export async function TryOutTab({ found: { region, context, key } }: { found: FoundKey }) {
  const { encrypt } = await refusals(context, key.KeyId, ['encrypt'])
  if (encrypt !== undefined) {
    return (
      <Panel title="You cannot use this key directly">
        <RefusalList refusals={[['Encrypt', encrypt]]} />
      </Panel>
    )
  }
  const hidden = { region, KeyId: key.KeyId }
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
      <Panel title="Encrypt" description="Up to 4 kB of text. It is neither kept nor recorded; the encryption context is recorded.">
        <Form action={encryptText} hidden={hidden} submit="Encrypt">
          <FormTextarea name="Plaintext" label="Plaintext" maxLength={4096} required />
          <ContextPairs />
          <CiphertextAnswer />
        </Form>
      </Panel>
      <Panel title="Decrypt" description="Only with the encryption context that was given to encrypt, letter for letter.">
        <Form action={decryptText} hidden={hidden} submit="Decrypt">
          <FormTextarea name="CiphertextBlob" label="Ciphertext (base64)" className="font-mono text-small" required />
          <ContextPairs />
          <PlaintextAnswer />
        </Form>
      </Panel>
    </div>
  )
}
