import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { createAlias, deleteAlias } from '../actions.ts'
import type { FoundKey } from '../key-frame.tsx'
import { refusals } from '../key-page.ts'

const namesOfKey = 'Names that stand for this key in this Region.'

/** The names that stand for a key. */
export async function KeyAliasesTab({ found: { region, context, key, aliases, awsManaged } }: { found: FoundKey }) {
  const refused = await refusals(context, key.KeyId, ['createAlias'])
  const reason = awsManaged ? 'AWS manages this key and its alias.' : undefined
  return (
    <Panel
      title="Aliases"
      description={refused.createAlias === undefined ? namesOfKey : `${namesOfKey} ${refused.createAlias}`}
      flush
      actions={
        <DialogForm button="Create alias" title="Create alias" action={createAlias} hidden={{ region, KeyId: key.KeyId }} submit="Create alias" reason={refused.createAlias ?? reason}>
          <FormInput name="AliasName" label="Alias" description="Letters, digits and / _ -. Names that begin with aws/ are AWS’s." maxLength={250} required />
        </DialogForm>
      }
    >
      {aliases.length === 0 ? (
        <EmptyState title="No alias" />
      ) : (
        <ul>
          {aliases.map((alias) => (
            <li key={alias} className="flex items-center gap-4 border-b border-line px-4 py-1.5 last:border-b-0">
              <span className="identifier grow">{alias}</span>
              <DialogForm
                button="Delete"
                variant="quiet"
                title={`Delete the alias ${alias}`}
                description="Whatever asks for the key by this name no longer finds it. The key stays."
                action={deleteAlias}
                hidden={{ region, AliasName: `alias/${alias}` }}
                submit="Delete alias"
                danger
                reason={reason}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
