import { Skeleton, TableSkeleton } from '#components/ui/skeleton.tsx'

export default function Loading() {
  return (
    <>
      <div className="flex h-11 flex-col justify-end gap-2">
        <Skeleton className="w-24" />
        <Skeleton className="h-5 w-56" />
      </div>
      <TableSkeleton />
    </>
  )
}
