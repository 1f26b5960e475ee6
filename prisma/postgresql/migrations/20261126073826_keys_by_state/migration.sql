-- CreateIndex
CREATE INDEX "KmsKey_accountId_region_keyState_creationDate_id_idx" ON "KmsKey"("accountId", "region", "keyState", "creationDate", "id");
