-- CreateTable
CREATE TABLE "TrailTally" (
    "region" TEXT NOT NULL,
    "length" INTEGER NOT NULL,
    "start" BIGINT NOT NULL,
    "upTo" INTEGER NOT NULL,
    "combinations" INTEGER NOT NULL,
    "tally" BLOB NOT NULL,

    PRIMARY KEY ("region", "length", "start", "upTo")
);

-- CreateIndex
CREATE INDEX "TrailTally_upTo_idx" ON "TrailTally"("upTo");
