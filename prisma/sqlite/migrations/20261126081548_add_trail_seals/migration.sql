-- CreateTable
CREATE TABLE "TrailSeal" (
    "firstSequence" INTEGER NOT NULL,
    "lastSequence" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "firstAt" BIGINT NOT NULL,
    "lastAt" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "digest" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "TrailSeal_lastAt_idx" ON "TrailSeal"("lastAt");
