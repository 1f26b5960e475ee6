/**
 * Where git finds objects: a repository, or a quarantine in front of it. New objects of a push are written into the
 * quarantine's `objectDirectory`; `alternates` are the object directories it may rely on (`<gitDir>/objects` among them,
 * because git then no longer looks there by itself).
 */
export type ObjectSource = Readonly<{
  gitDir: string
  objectDirectory?: string | undefined
  alternates?: readonly string[] | undefined
}>

/** The environment by which git sees an {@link ObjectSource}, as receive-pack sets it for its own quarantine. */
export function objectEnvironment({ objectDirectory, alternates = [] }: ObjectSource): Record<string, string> {
  return {
    ...(objectDirectory === undefined
      ? {}
      : { GIT_OBJECT_DIRECTORY: objectDirectory, GIT_QUARANTINE_PATH: objectDirectory }),
    ...(alternates.length === 0 ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.map(quote).join(':') }),
  }
}

/** A colon separates the list, so a path with one is quoted the way git reads it (gitglossary: C-style). */
function quote(path: string): string {
  return /[:"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path
}
