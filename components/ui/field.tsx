'use client'
import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'

type FieldProps = Readonly<{
  label: ReactNode
  /** How to fill it in. */
  description?: ReactNode
  /** What is wrong with it, where something is. */
  error?: string | undefined
  optional?: boolean
}>

type ControlProps = Readonly<{ id: string; 'aria-invalid': true | undefined; 'aria-describedby': string | undefined }>

/** A labelled control: label, description, the control, and what is wrong, tied together for assistive technology. */
export function Field({ label, description, error, optional = false, children }: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const id = useId()
  const described = [description !== undefined && `${id}-description`, error !== undefined && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label} {optional && <span className="font-normal text-ink-3">– optional</span>}
      </label>
      {description !== undefined && (
        <p id={`${id}-description`} className="text-small text-ink-2">
          {description}
        </p>
      )}
      {children({ id, 'aria-invalid': error === undefined ? undefined : true, 'aria-describedby': described || undefined })}
      {error !== undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}

/** What is wrong with one field, under it. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-small text-danger">
      <Icon name="danger" className="mt-px size-3.5" />
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </p>
  )
}

export function Input({ label, description, error, optional, className, ...rest }: FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'>) {
  return (
    <Field label={label} description={description} error={error} {...(optional && { optional })}>
      {(control) => <input type="text" autoComplete="off" spellCheck={false} {...rest} {...control} className={classNames(controlClass, 'w-full', className)} />}
    </Field>
  )
}

export function Textarea({ label, description, error, optional, className, ...rest }: FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'>) {
  return (
    <Field label={label} description={description} error={error} {...(optional && { optional })}>
      {(control) => <textarea rows={4} spellCheck={false} {...rest} {...control} className={classNames(controlClass, 'w-full resize-y', className)} />}
    </Field>
  )
}

export function Select({ label, description, error, optional, className, children, ...rest }: FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id'>) {
  return (
    <Field label={label} description={description} error={error} {...(optional && { optional })}>
      {(control) => (
        <select {...rest} {...control} className={classNames(controlClass, selectClass, 'w-full', className)}>
          {children}
        </select>
      )}
    </Field>
  )
}

/** One choice to take or leave, with what it means. */
export function Checkbox({ label, description, className, ...rest }: Omit<FieldProps, 'error' | 'optional'> & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'type'>) {
  return <Choice type="checkbox" label={label} description={description} {...(className !== undefined && { className })} {...rest} />
}

/** One of several choices under the same `name`. */
export function Radio({ label, description, className, ...rest }: Omit<FieldProps, 'error' | 'optional'> & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'type'>) {
  return <Choice type="radio" label={label} description={description} {...(className !== undefined && { className })} {...rest} />
}

function Choice({ label, description, className, ...rest }: Omit<FieldProps, 'error' | 'optional'> & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <div className={classNames('flex items-start gap-2', className)}>
      <input {...rest} id={id} aria-describedby={description === undefined ? undefined : `${id}-description`} className={choiceClass} />
      <div className="flex min-w-0 flex-col">
        <label htmlFor={id}>{label}</label>
        {description !== undefined && (
          <span id={`${id}-description`} className="text-small text-ink-2">
            {description}
          </span>
        )}
      </div>
    </div>
  )
}

/** The look of a text control, for bare ones in filter rows. */
export const controlClass =
  'min-h-8 min-w-0 rounded-control border border-outline bg-surface px-2 py-1 text-body text-ink placeholder:text-ink-3 ' +
  'hover:border-ink-3 focus:border-accent focus:outline-1 focus:-outline-offset-1 focus:outline-accent aria-invalid:border-danger ' +
  'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-3 [&:is(input,textarea):read-only]:bg-sunken'

/** A native drop-down keeps the platform's own list, with the console's own arrow. */
export const selectClass =
  'appearance-none bg-[image:var(--select-arrow)] bg-[length:1rem] bg-[position:right_0.375rem_center] bg-no-repeat pr-7'

/** The look of a check box or radio button. */
export const choiceClass = 'mt-0.75 size-3.5 shrink-0 accent-accent'
