-- CreateTable
CREATE TABLE "RepositoryVerification" (
    "repositoryId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "report" TEXT,

    CONSTRAINT "RepositoryVerification_pkey" PRIMARY KEY ("repositoryId")
);

-- CreateTable
CREATE TABLE "RepositoryImport" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "repositoryName" TEXT NOT NULL,
    "sourceUrl" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "report" TEXT,

    CONSTRAINT "RepositoryImport_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "RepositoryVerification_state_idx" ON "RepositoryVerification"("state");

-- CreateIndex
CREATE INDEX "RepositoryImport_accountId_region_startedAt_idx" ON "RepositoryImport"("accountId", "region", "startedAt");

-- CreateIndex
CREATE INDEX "RepositoryImport_repositoryId_idx" ON "RepositoryImport"("repositoryId");

-- CreateIndex
CREATE INDEX "RepositoryImport_state_idx" ON "RepositoryImport"("state");

-- AddForeignKey
ALTER TABLE "RepositoryVerification" ADD CONSTRAINT "RepositoryVerification_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;
