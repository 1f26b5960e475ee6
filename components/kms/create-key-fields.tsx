'use client'
import { useId, useState } from 'react'
import { FormInput, FormTextarea } from '#components/console/form.tsx'
import { Button, IconButton } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { choiceClass, controlClass } from '#components/ui/field.tsx'
import { Message } from '#components/ui/message.tsx'
import { newKeyPolicy } from './new-key-policy.ts'

type User = Readonly<{ arn: string; name: string }>

/** What a new key is called, tagged with, and who its key policy lets administer and use it: in the order of KMS's own form. */
export function CreateKeyFields({ users, accountId }: { users: readonly User[]; accountId: string }) {
  const [administrators, setAdministrators] = useState<readonly string[]>([])
  const [keyUsers, setKeyUsers] = useState<readonly string[]>([])
  return (
    <>
      <FormInput name="AliasName" label="Alias" description="Letters, digits and / _ -. Names that begin with aws/ are AWS’s." maxLength={250} required />
      <FormTextarea name="Description" label="Description" optional rows={2} maxLength={8192} />
      <TagPairs />
      <Users name="Administrator" legend="Key administrators" description="May change the key, its policy and its state, and delete it; not encrypt with it." users={users} chosen={administrators} onChange={setAdministrators} />
      <Users name="User" legend="Key users" description="May encrypt, decrypt, re-encrypt and make data keys with it." users={users} chosen={keyUsers} onChange={setKeyUsers} />
      <div className="flex min-w-0 flex-col gap-1">
        <div className="font-medium">Key policy</div>
        <p className="text-small text-ink-2">What will be saved: review it. It can be edited on the key’s page.</p>
        <CodeBlock code={newKeyPolicy(accountId, administrators, keyUsers)} label="key policy" className="[&_pre]:max-h-80 [&_pre]:overflow-auto" />
      </div>
      <Message tone="info" title="The key policy gives the account full access, and those chosen here what is said above">
        <p>IAM policies then decide for everyone else. Repositories cannot be encrypted under this key; they use aws/codecommit.</p>
      </Message>
    </>
  )
}

function Users({ name, legend, description, users, chosen, onChange }: { name: string; legend: string; description: string; users: readonly User[]; chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }) {
  const id = useId()
  return (
    <fieldset className="flex flex-col gap-1" aria-describedby={`${id}-description`}>
      <legend className="font-medium">
        {legend} <span className="font-normal text-ink-3">– optional</span>
      </legend>
      <p id={`${id}-description`} className="text-small text-ink-2">
        {description}
      </p>
      {users.length === 0 ? (
        <p className="text-small text-ink-3">There are no users to choose, or you may not list them.</p>
      ) : (
        <div className="grid max-h-40 grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] gap-x-4 gap-y-0.5 overflow-auto rounded-control border border-line px-3 py-2">
          {users.map((user) => (
            <label key={user.arn} className="flex items-start gap-2">
              <input
                type="checkbox"
                name={name}
                value={user.arn}
                checked={chosen.includes(user.arn)}
                onChange={({ currentTarget }) => onChange(currentTarget.checked ? [...chosen, user.arn] : chosen.filter((arn) => arn !== user.arn))}
                className={choiceClass}
              />
              <span className="min-w-0 wrap-anywhere">{user.name}</span>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}

function TagPairs() {
  const [pairs, setPairs] = useState<readonly number[]>([])
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">
        Tags <span className="font-normal text-ink-3">– optional</span>
      </legend>
      {pairs.map((pair, index) => (
        <div key={pair} className="flex items-center gap-1.5">
          <input name="TagKey" aria-label={`Tag key ${index + 1}`} placeholder="key" maxLength={128} autoComplete="off" className={classNames(controlClass, 'w-full')} />
          <input name="TagValue" aria-label={`Tag value ${index + 1}`} placeholder="value" maxLength={256} autoComplete="off" className={classNames(controlClass, 'w-full')} />
          <IconButton icon="close" label={`Remove tag ${index + 1}`} onClick={() => setPairs(pairs.filter((each) => each !== pair))} />
        </div>
      ))}
      <Button variant="quiet" icon="add" className="self-start" onClick={() => setPairs([...pairs, (pairs.at(-1) ?? 0) + 1])}>
        Add a tag
      </Button>
    </fieldset>
  )
}
