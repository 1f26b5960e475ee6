'use client'
import { DropdownMenu } from 'radix-ui'
import { classNames } from './class-names.ts'
import { MenuPartsContext, type MenuParts, type MenuProps } from './menu.tsx'

/** A menu that has been asked for: it begins open, and stays with its trigger. */
function MenuContent({ trigger, align = 'end', className, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={classNames(
            'z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-[calc(100vw-1rem)] min-w-48 animate-rise overflow-y-auto rounded-panel border border-line bg-raised py-1 shadow-raised',
            className,
          )}
        >
          <MenuPartsContext value={parts}>{children}</MenuPartsContext>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const parts: MenuParts = { Item: DropdownMenu.Item, CheckboxItem: DropdownMenu.CheckboxItem, Label: DropdownMenu.Label, Separator: DropdownMenu.Separator }

// React.lazy takes a default export.
// eslint-disable-next-line no-restricted-syntax
export default MenuContent
