-- CreateTable
CREATE TABLE "TrailSeal" (
    "firstSequence" INTEGER NOT NULL,
    "lastSequence" INTEGER NOT NULL,
    "firstAt" BIGINT NOT NULL,
    "lastAt" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,

    CONSTRAINT "TrailSeal_pkey" PRIMARY KEY ("lastSequence")
);

-- CreateIndex
CREATE INDEX "TrailSeal_lastAt_idx" ON "TrailSeal"("lastAt");
