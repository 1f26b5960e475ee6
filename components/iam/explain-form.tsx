'use client'
import NextForm from 'next/form'
import { useId, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Input, Select } from '#components/ui/field.tsx'
import { Panel } from '#components/ui/panel.tsx'

type Asked = Readonly<Partial<Record<'user' | 'operation' | 'resource' | 'reference' | 'repositoryId' | 'context' | 'mfa', string | undefined>>>

/** The question to the access explainer. It is the page's URL, so that an answer can be sent to somebody. */
export function ExplainForm({
  action,
  region,
  users,
  operations,
  repositories,
  keys,
  asked,
}: {
  action: string
  region: string
  users: readonly (readonly [arn: string, name: string])[]
  operations: readonly (readonly [group: string, operations: readonly string[]])[]
  repositories: readonly string[]
  keys: readonly string[]
  asked: Asked
}) {
  const [operation, setOperation] = useState(asked.operation ?? '')
  const list = useId()
  const service = operation.split(':')[0] ?? ''
  const git = operation === 'codecommit:GitPush' || operation === 'codecommit:GitPull'
  const [target, how] = targets[service] ?? ['Resource', 'Its ARN, or * for everything']
  return (
    <Panel title="Question">
      <NextForm action={action} prefetch={false} className="flex flex-col gap-4" scroll={false}>
        <input type="hidden" name="region" value={region} />
        {asked.repositoryId !== undefined && service === 'kms' && <input type="hidden" name="repositoryId" value={asked.repositoryId} />}
        <div className="grid items-start gap-x-4 gap-y-3 md:grid-cols-3">
          <Select label="May" name="user" defaultValue={asked.user}>
            {users.map(([arn, name]) => (
              <option key={arn} value={arn}>
                {name}
              </option>
            ))}
          </Select>
          <Select label="do" name="operation" value={operation} onChange={(event) => setOperation(event.currentTarget.value)}>
            {operations.map(([group, names]) => (
              <optgroup key={group} label={group}>
                {names.map((name) => (
                  <option key={name} value={name}>
                    {spoken[name] ?? name}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
          <div>
            <Input label={`to the ${target.toLowerCase()}`} name="resource" defaultValue={asked.resource} list={list} placeholder={how} autoCapitalize="none" required={git} />
            <datalist id={list}>
              {(service === 'codecommit' ? repositories : service === 'kms' ? keys : []).map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </div>
          {operation === 'codecommit:GitPush' && <Input label="Ref that is changed" name="reference" defaultValue={asked.reference ?? 'refs/heads/main'} autoCapitalize="none" />}
          {service === 'kms' && asked.repositoryId === undefined && <Input label="Encryption context" optional name="context" defaultValue={asked.context} placeholder="tenant=alice,purpose=backup" autoCapitalize="none" />}
          {!git && (
            <Select label="signed in" name="mfa" defaultValue={asked.mfa ?? ''}>
              <option value="">with an access key</option>
              <option value="no">in the console, without MFA</option>
              <option value="yes">in the console, with MFA</option>
            </Select>
          )}
        </div>
        <div>
          <Button type="submit" variant="primary">
            Explain
          </Button>
        </div>
      </NextForm>
    </Panel>
  )
}

const targets: Readonly<Record<string, readonly [string, string]>> = {
  codecommit: ['Repository', 'Its name or ARN'],
  kms: ['Key', 'Its ID, alias or ARN'],
  iam: ['User, group or policy', 'Its ARN, or * for everything'],
}

/** Operations by what people call them. */
const spoken: Readonly<Record<string, string>> = {
  'codecommit:GitPush': 'git push',
  'codecommit:GitPull': 'git pull, fetch and clone',
}
