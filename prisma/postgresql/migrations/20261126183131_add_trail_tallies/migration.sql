-- CreateTable
CREATE TABLE "TrailTally" (
    "region" TEXT NOT NULL,
    "length" INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "upTo" INTEGER NOT NULL,
    "combinations" INTEGER NOT NULL,
    "tally" BYTEA NOT NULL,

    CONSTRAINT "TrailTally_pkey" PRIMARY KEY ("region","length","start","upTo")
);

-- CreateIndex
CREATE INDEX "TrailTally_upTo_idx" ON "TrailTally"("upTo");
