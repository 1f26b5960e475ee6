-- CreateTable
CREATE TABLE "TrailEvent" (
    "sequence" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "eventId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "region" TEXT NOT NULL,
    "eventName" TEXT NOT NULL,
    "eventSource" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "readOnly" BOOLEAN NOT NULL,
    "accessKeyId" TEXT NOT NULL DEFAULT '',
    "errorCode" TEXT NOT NULL DEFAULT '',
    "repositoryId" TEXT NOT NULL DEFAULT '',
    "record" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "TrailEventResource" (
    "sequence" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("sequence", "name"),
    CONSTRAINT "TrailEventResource_sequence_fkey" FOREIGN KEY ("sequence") REFERENCES "TrailEvent" ("sequence") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Repository" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "descriptionCiphertext" BLOB,
    "creationDate" DATETIME NOT NULL,
    "lastModifiedDate" DATETIME NOT NULL,
    "kmsKeyArn" TEXT NOT NULL,
    "dataKeyId" TEXT NOT NULL,
    "refs" BLOB,
    "refsVersion" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "RepositoryKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "ciphertextBlob" BLOB NOT NULL,
    "keyMaterialId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "RepositoryKey_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "StoredObject" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "dataKeyId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "packId" TEXT NOT NULL,
    "openedSize" BIGINT NOT NULL,
    "sealedSize" BIGINT NOT NULL,
    "objectCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL,
    "supersededAt" DATETIME,
    "cacheKey" TEXT,
    "lastUsedAt" DATETIME,
    CONSTRAINT "StoredObject_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "StoredObject_dataKeyId_fkey" FOREIGN KEY ("dataKeyId") REFERENCES "RepositoryKey" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DoomedObject" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "doomedAt" DATETIME NOT NULL,
    "removeAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "RepositoryTag" (
    "repositoryId" TEXT NOT NULL,
    "tagKey" TEXT NOT NULL,
    "tagValue" TEXT NOT NULL,

    PRIMARY KEY ("repositoryId", "tagKey"),
    CONSTRAINT "RepositoryTag_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "createdAt" DATETIME NOT NULL,
    "rootPasswordHash" TEXT,
    "rootKeyId" TEXT NOT NULL DEFAULT ''
);

-- CreateTable
CREATE TABLE "IamUser" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "nameLower" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "arn" TEXT NOT NULL,
    "createDate" DATETIME NOT NULL,
    "passwordLastUsed" DATETIME
);

-- CreateTable
CREATE TABLE "IamUserTag" (
    "userId" TEXT NOT NULL,
    "tagKey" TEXT NOT NULL,
    "tagValue" TEXT NOT NULL,

    PRIMARY KEY ("userId", "tagKey"),
    CONSTRAINT "IamUserTag_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "LoginProfile" (
    "userId" TEXT NOT NULL PRIMARY KEY,
    "passwordHash" TEXT NOT NULL,
    "passwordResetRequired" BOOLEAN NOT NULL DEFAULT false,
    "createDate" DATETIME NOT NULL,
    CONSTRAINT "LoginProfile_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "MfaDevice" (
    "serialNumber" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT,
    "secretEncrypted" BLOB NOT NULL,
    "enableDate" DATETIME,
    "lastStep" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "MfaDevice_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AccessKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT,
    "secretEncrypted" BLOB NOT NULL,
    "status" TEXT NOT NULL,
    "createDate" DATETIME NOT NULL,
    "lastUsedDate" DATETIME,
    "lastUsedService" TEXT,
    "lastUsedRegion" TEXT,
    CONSTRAINT "AccessKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ServiceSpecificCredential" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "serviceName" TEXT NOT NULL,
    "serviceUserName" TEXT NOT NULL,
    "passwordHash" BLOB NOT NULL,
    "status" TEXT NOT NULL,
    "createDate" DATETIME NOT NULL,
    CONSTRAINT "ServiceSpecificCredential_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SshPublicKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "uploadDate" DATETIME NOT NULL,
    CONSTRAINT "SshPublicKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "IamGroup" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "nameLower" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "arn" TEXT NOT NULL,
    "createDate" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "GroupMembership" (
    "groupId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    PRIMARY KEY ("groupId", "userId"),
    CONSTRAINT "GroupMembership_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "IamGroup" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "GroupMembership_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "UserInlinePolicy" (
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,

    PRIMARY KEY ("userId", "name"),
    CONSTRAINT "UserInlinePolicy_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "GroupInlinePolicy" (
    "groupId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,

    PRIMARY KEY ("groupId", "name"),
    CONSTRAINT "GroupInlinePolicy_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "IamGroup" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ManagedPolicy" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "arn" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nameLower" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "description" TEXT NOT NULL DEFAULT '',
    "defaultVersionId" TEXT NOT NULL DEFAULT 'v1',
    "nextVersion" INTEGER NOT NULL DEFAULT 2,
    "createDate" DATETIME NOT NULL,
    "updateDate" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "ManagedPolicyVersion" (
    "policyId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "createDate" DATETIME NOT NULL,

    PRIMARY KEY ("policyId", "versionId"),
    CONSTRAINT "ManagedPolicyVersion_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "ManagedPolicy" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "UserPolicyAttachment" (
    "userId" TEXT NOT NULL,
    "policyArn" TEXT NOT NULL,
    "attachedAt" DATETIME NOT NULL,

    PRIMARY KEY ("userId", "policyArn"),
    CONSTRAINT "UserPolicyAttachment_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "GroupPolicyAttachment" (
    "groupId" TEXT NOT NULL,
    "policyArn" TEXT NOT NULL,
    "attachedAt" DATETIME NOT NULL,

    PRIMARY KEY ("groupId", "policyArn"),
    CONSTRAINT "GroupPolicyAttachment_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "IamGroup" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ConsoleSession" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT,
    "mfaAuthenticated" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "ConsolePreference" (
    "principalArn" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    PRIMARY KEY ("principalArn", "name")
);

-- CreateTable
CREATE TABLE "KmsKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "arn" TEXT NOT NULL,
    "keyManager" TEXT NOT NULL,
    "managedAlias" TEXT,
    "description" TEXT NOT NULL DEFAULT '',
    "keyState" TEXT NOT NULL,
    "keyUsage" TEXT NOT NULL DEFAULT 'ENCRYPT_DECRYPT',
    "keySpec" TEXT NOT NULL DEFAULT 'SYMMETRIC_DEFAULT',
    "origin" TEXT NOT NULL DEFAULT 'AWS_KMS',
    "policy" TEXT NOT NULL,
    "creationDate" DATETIME NOT NULL,
    "deletionDate" DATETIME,
    "rotationEnabled" BOOLEAN NOT NULL DEFAULT false,
    "rotationPeriodInDays" INTEGER NOT NULL DEFAULT 365,
    "nextRotationDate" DATETIME,
    "onDemandRotations" INTEGER NOT NULL DEFAULT 0,
    "currentKeyMaterialId" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "KmsKeyMaterial" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "keyId" TEXT NOT NULL,
    "rotation" INTEGER NOT NULL,
    "rotationType" TEXT,
    "wrapped" BLOB NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "KmsKeyMaterial_keyId_fkey" FOREIGN KEY ("keyId") REFERENCES "KmsKey" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "KmsAlias" (
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "targetKeyId" TEXT NOT NULL,
    "creationDate" DATETIME NOT NULL,
    "lastUpdatedDate" DATETIME NOT NULL,

    PRIMARY KEY ("accountId", "region", "name"),
    CONSTRAINT "KmsAlias_targetKeyId_fkey" FOREIGN KEY ("targetKeyId") REFERENCES "KmsKey" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "KmsTag" (
    "keyId" TEXT NOT NULL,
    "tagKey" TEXT NOT NULL,
    "tagValue" TEXT NOT NULL,

    PRIMARY KEY ("keyId", "tagKey"),
    CONSTRAINT "KmsTag_keyId_fkey" FOREIGN KEY ("keyId") REFERENCES "KmsKey" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "TrailEvent_eventId_key" ON "TrailEvent"("eventId");

-- CreateIndex
CREATE INDEX "TrailEvent_region_at_sequence_idx" ON "TrailEvent"("region", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_username_at_sequence_idx" ON "TrailEvent"("region", "username", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_eventName_at_sequence_idx" ON "TrailEvent"("region", "eventName", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_eventSource_at_sequence_idx" ON "TrailEvent"("region", "eventSource", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_readOnly_at_sequence_idx" ON "TrailEvent"("region", "readOnly", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_accessKeyId_at_sequence_idx" ON "TrailEvent"("region", "accessKeyId", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_errorCode_at_sequence_idx" ON "TrailEvent"("region", "errorCode", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEvent_region_repositoryId_at_sequence_idx" ON "TrailEvent"("region", "repositoryId", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEventResource_region_name_at_sequence_idx" ON "TrailEventResource"("region", "name", "at", "sequence");

-- CreateIndex
CREATE INDEX "TrailEventResource_region_type_at_sequence_idx" ON "TrailEventResource"("region", "type", "at", "sequence");

-- CreateIndex
CREATE INDEX "Repository_accountId_region_lastModifiedDate_idx" ON "Repository"("accountId", "region", "lastModifiedDate");

-- CreateIndex
CREATE UNIQUE INDEX "Repository_accountId_region_name_key" ON "Repository"("accountId", "region", "name");

-- CreateIndex
CREATE INDEX "RepositoryKey_repositoryId_idx" ON "RepositoryKey"("repositoryId");

-- CreateIndex
CREATE INDEX "StoredObject_repositoryId_kind_idx" ON "StoredObject"("repositoryId", "kind");

-- CreateIndex
CREATE INDEX "StoredObject_supersededAt_idx" ON "StoredObject"("supersededAt");

-- CreateIndex
CREATE INDEX "StoredObject_dataKeyId_idx" ON "StoredObject"("dataKeyId");

-- CreateIndex
CREATE UNIQUE INDEX "StoredObject_repositoryId_cacheKey_key" ON "StoredObject"("repositoryId", "cacheKey");

-- CreateIndex
CREATE INDEX "DoomedObject_removeAt_idx" ON "DoomedObject"("removeAt");

-- CreateIndex
CREATE UNIQUE INDEX "IamUser_nameLower_key" ON "IamUser"("nameLower");

-- CreateIndex
CREATE INDEX "MfaDevice_userId_idx" ON "MfaDevice"("userId");

-- CreateIndex
CREATE INDEX "AccessKey_userId_idx" ON "AccessKey"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "ServiceSpecificCredential_serviceUserName_key" ON "ServiceSpecificCredential"("serviceUserName");

-- CreateIndex
CREATE INDEX "ServiceSpecificCredential_userId_idx" ON "ServiceSpecificCredential"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "SshPublicKey_userId_fingerprint_key" ON "SshPublicKey"("userId", "fingerprint");

-- CreateIndex
CREATE UNIQUE INDEX "IamGroup_nameLower_key" ON "IamGroup"("nameLower");

-- CreateIndex
CREATE INDEX "GroupMembership_userId_idx" ON "GroupMembership"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "ManagedPolicy_arn_key" ON "ManagedPolicy"("arn");

-- CreateIndex
CREATE UNIQUE INDEX "ManagedPolicy_nameLower_key" ON "ManagedPolicy"("nameLower");

-- CreateIndex
CREATE INDEX "UserPolicyAttachment_policyArn_idx" ON "UserPolicyAttachment"("policyArn");

-- CreateIndex
CREATE INDEX "GroupPolicyAttachment_policyArn_idx" ON "GroupPolicyAttachment"("policyArn");

-- CreateIndex
CREATE INDEX "ConsoleSession_userId_idx" ON "ConsoleSession"("userId");

-- CreateIndex
CREATE INDEX "ConsoleSession_expiresAt_idx" ON "ConsoleSession"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "KmsKey_arn_key" ON "KmsKey"("arn");

-- CreateIndex
CREATE INDEX "KmsKey_accountId_region_id_idx" ON "KmsKey"("accountId", "region", "id");

-- CreateIndex
CREATE INDEX "KmsKey_accountId_region_creationDate_id_idx" ON "KmsKey"("accountId", "region", "creationDate", "id");

-- CreateIndex
CREATE INDEX "KmsKey_keyState_deletionDate_idx" ON "KmsKey"("keyState", "deletionDate");

-- CreateIndex
CREATE INDEX "KmsKey_rotationEnabled_nextRotationDate_idx" ON "KmsKey"("rotationEnabled", "nextRotationDate");

-- CreateIndex
CREATE UNIQUE INDEX "KmsKey_accountId_region_managedAlias_key" ON "KmsKey"("accountId", "region", "managedAlias");

-- CreateIndex
CREATE UNIQUE INDEX "KmsKeyMaterial_keyId_rotation_key" ON "KmsKeyMaterial"("keyId", "rotation");

-- CreateIndex
CREATE INDEX "KmsAlias_targetKeyId_idx" ON "KmsAlias"("targetKeyId");
