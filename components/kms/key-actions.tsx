'use client'
import { useState } from 'react'
import type { Action } from '#components/console/action-state.ts'
import { FormInDialog } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuItem, MenuSeparator } from '#components/ui/menu.tsx'
import { useShownKeys } from './shown-keys.tsx'

export type KeyActionSet = Readonly<{ enable: Action; disable: Action; scheduleDeletion: Action; cancelDeletion: Action }>

type ActedOn = Readonly<{
  keyId: string
  aliases: readonly string[]
  state: string
  /** Why nothing of this can be done, where it is not a matter of the key's state. */
  refusal?: Readonly<Partial<Record<What, string>>>
}>

type What = 'enable' | 'disable' | 'scheduleDeletion' | 'cancelDeletion'

/** Key actions: of the keys selected, or of the page's one. What a key's state or policy does not allow says why. */
export function KeyActions({ region, keys, actions }: { region: string; keys: readonly ActedOn[]; actions: KeyActionSet }) {
  const [asked, setAsked] = useState<What>()
  const { becoming, begin } = useShownKeys()
  const [first] = keys
  const names = keys.map(({ keyId, aliases }) => aliases[0] ?? keyId)
  const what = keys.length === 1 ? (names[0] ?? '') : `${keys.length} keys`
  const common = {
    open: true,
    onOpenChange: () => setAsked(undefined),
    hidden: { region, KeyId: keys.map(({ keyId }) => keyId).join(' ') },
  }

  function reason(action: What, allowed: readonly string[], otherwise: string): string | undefined {
    if (keys.length === 0) return 'Select a key first.'
    const refused = keys.map(({ refusal }) => refusal?.[action]).find((each) => each !== undefined)
    return refused ?? (keys.every(({ keyId, state }) => allowed.includes(becoming[keyId]?.state ?? state)) ? undefined : otherwise)
  }

  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button>
            Key actions
            <Icon name="chevronDown" className="size-3.5 text-ink-3" />
          </Button>
        }
      >
        <MenuItem reason={reason('enable', ['Disabled'], 'Only a disabled key can be enabled.')} onSelect={() => setAsked('enable')}>
          Enable
        </MenuItem>
        <MenuItem reason={reason('disable', ['Enabled'], 'Only an enabled key can be disabled.')} onSelect={() => setAsked('disable')}>
          Disable
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger reason={reason('scheduleDeletion', ['Enabled', 'Disabled'], 'Its deletion is pending already.')} onSelect={() => setAsked('scheduleDeletion')}>
          Schedule key deletion
        </MenuItem>
        <MenuItem reason={reason('cancelDeletion', ['PendingDeletion'], 'No deletion is pending.')} onSelect={() => setAsked('cancelDeletion')}>
          Cancel key deletion
        </MenuItem>
      </Menu>
      {asked === 'enable' && <FormInDialog {...common} title={`Enable ${what}`} description="It encrypts and decrypts again." action={begin(actions.enable, () => ({ state: 'Enabled' }), { action: actions.disable, values: common.hidden })} submit="Enable" />}
      {asked === 'disable' && (
        <FormInDialog
          {...common}
          title={`Disable ${what}`}
          description="Whatever is encrypted under it cannot be decrypted until it is enabled again."
          action={begin(actions.disable, () => ({ state: 'Disabled' }), { action: actions.enable, values: common.hidden })}
          submit="Disable"
          danger
        />
      )}
      {asked === 'cancelDeletion' && <FormInDialog {...common} title={`Cancel the deletion of ${what}`} description="It stays, disabled: enable it to use it again." action={actions.cancelDeletion} submit="Cancel key deletion" />}
      {asked === 'scheduleDeletion' && first && (
        <FormInDialog
          {...common}
          title={`Schedule the deletion of ${what}`}
          description="When the waiting period ends, the key material is destroyed, and whatever is encrypted under it is lost for good. Until then the key cannot be used, and the deletion can be cancelled."
          action={actions.scheduleDeletion}
          confirm={keys.length === 1 ? (names[0] ?? '') : `delete ${keys.length} keys`}
          submit="Schedule key deletion"
          danger
        >
          <FormInput name="PendingWindowInDays" label="Waiting period (in days)" description="7 to 30" type="number" min={7} max={30} defaultValue={30} required />
        </FormInDialog>
      )}
    </>
  )
}
