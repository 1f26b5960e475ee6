/** How git came in; `IMPORT`: the server fetched it (imports.ts). */
export type GitTransport = 'HTTP' | 'SSH' | 'IMPORT'

/** `additionalEventData` of a GitPull or GitPush event (aws-facts D.3). */
export function gitEventData(
  repository: Readonly<{ id: string; name: string }>,
  data: Readonly<{ transport: GitTransport; dataTransferred: boolean; capabilities?: readonly string[]; shallow?: boolean }>,
): Readonly<Record<string, unknown>> {
  return {
    protocol: data.transport,
    dataTransferred: data.dataTransferred,
    repositoryName: repository.name,
    repositoryId: repository.id,
    ...(data.capabilities && { capabilities: data.capabilities }),
    ...(data.shallow !== undefined && { shallow: data.shallow }),
  }
}
