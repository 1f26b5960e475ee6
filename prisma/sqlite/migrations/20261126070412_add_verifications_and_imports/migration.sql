-- CreateTable
CREATE TABLE "RepositoryVerification" (
    "repositoryId" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "report" TEXT,
    CONSTRAINT "RepositoryVerification_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RepositoryImport" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "repositoryName" TEXT NOT NULL,
    "sourceUrl" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "report" TEXT
);

-- CreateIndex
CREATE INDEX "RepositoryVerification_state_idx" ON "RepositoryVerification"("state");

-- CreateIndex
CREATE INDEX "RepositoryImport_accountId_region_startedAt_idx" ON "RepositoryImport"("accountId", "region", "startedAt");

-- CreateIndex
CREATE INDEX "RepositoryImport_repositoryId_idx" ON "RepositoryImport"("repositoryId");

-- CreateIndex
CREATE INDEX "RepositoryImport_state_idx" ON "RepositoryImport"("state");
