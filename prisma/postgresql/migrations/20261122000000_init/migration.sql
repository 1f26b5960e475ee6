-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "TrailEvent" (
    "sequence" SERIAL NOT NULL,
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
    "record" TEXT NOT NULL,

    CONSTRAINT "TrailEvent_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "TrailEventResource" (
    "sequence" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "TrailEventResource_pkey" PRIMARY KEY ("sequence","name")
);

-- CreateTable
CREATE TABLE "Repository" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "descriptionCiphertext" BYTEA,
    "creationDate" TIMESTAMP(3) NOT NULL,
    "lastModifiedDate" TIMESTAMP(3) NOT NULL,
    "kmsKeyArn" TEXT NOT NULL,
    "dataKeyId" TEXT NOT NULL,
    "refs" BYTEA,
    "refsVersion" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Repository_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RepositoryKey" (
    "id" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "ciphertextBlob" BYTEA NOT NULL,
    "keyMaterialId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RepositoryKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StoredObject" (
    "id" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "dataKeyId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "packId" TEXT NOT NULL,
    "openedSize" BIGINT NOT NULL,
    "sealedSize" BIGINT NOT NULL,
    "objectCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "supersededAt" TIMESTAMP(3),
    "cacheKey" TEXT,
    "lastUsedAt" TIMESTAMP(3),

    CONSTRAINT "StoredObject_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DoomedObject" (
    "id" TEXT NOT NULL,
    "doomedAt" TIMESTAMP(3) NOT NULL,
    "removeAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DoomedObject_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RepositoryTag" (
    "repositoryId" TEXT NOT NULL,
    "tagKey" TEXT NOT NULL,
    "tagValue" TEXT NOT NULL,

    CONSTRAINT "RepositoryTag_pkey" PRIMARY KEY ("repositoryId","tagKey")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "rootPasswordHash" TEXT,
    "rootKeyId" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IamUser" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nameLower" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "arn" TEXT NOT NULL,
    "createDate" TIMESTAMP(3) NOT NULL,
    "passwordLastUsed" TIMESTAMP(3),

    CONSTRAINT "IamUser_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IamUserTag" (
    "userId" TEXT NOT NULL,
    "tagKey" TEXT NOT NULL,
    "tagValue" TEXT NOT NULL,

    CONSTRAINT "IamUserTag_pkey" PRIMARY KEY ("userId","tagKey")
);

-- CreateTable
CREATE TABLE "LoginProfile" (
    "userId" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "passwordResetRequired" BOOLEAN NOT NULL DEFAULT false,
    "createDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "LoginProfile_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "MfaDevice" (
    "serialNumber" TEXT NOT NULL,
    "userId" TEXT,
    "secretEncrypted" BYTEA NOT NULL,
    "enableDate" TIMESTAMP(3),
    "lastStep" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "MfaDevice_pkey" PRIMARY KEY ("serialNumber")
);

-- CreateTable
CREATE TABLE "AccessKey" (
    "id" TEXT NOT NULL,
    "userId" TEXT,
    "secretEncrypted" BYTEA NOT NULL,
    "status" TEXT NOT NULL,
    "createDate" TIMESTAMP(3) NOT NULL,
    "lastUsedDate" TIMESTAMP(3),
    "lastUsedService" TEXT,
    "lastUsedRegion" TEXT,

    CONSTRAINT "AccessKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ServiceSpecificCredential" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "serviceName" TEXT NOT NULL,
    "serviceUserName" TEXT NOT NULL,
    "passwordHash" BYTEA NOT NULL,
    "status" TEXT NOT NULL,
    "createDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ServiceSpecificCredential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SshPublicKey" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "uploadDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SshPublicKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IamGroup" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nameLower" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "arn" TEXT NOT NULL,
    "createDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "IamGroup_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GroupMembership" (
    "groupId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "GroupMembership_pkey" PRIMARY KEY ("groupId","userId")
);

-- CreateTable
CREATE TABLE "UserInlinePolicy" (
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,

    CONSTRAINT "UserInlinePolicy_pkey" PRIMARY KEY ("userId","name")
);

-- CreateTable
CREATE TABLE "GroupInlinePolicy" (
    "groupId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,

    CONSTRAINT "GroupInlinePolicy_pkey" PRIMARY KEY ("groupId","name")
);

-- CreateTable
CREATE TABLE "ManagedPolicy" (
    "id" TEXT NOT NULL,
    "arn" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nameLower" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "description" TEXT NOT NULL DEFAULT '',
    "defaultVersionId" TEXT NOT NULL DEFAULT 'v1',
    "nextVersion" INTEGER NOT NULL DEFAULT 2,
    "createDate" TIMESTAMP(3) NOT NULL,
    "updateDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ManagedPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ManagedPolicyVersion" (
    "policyId" TEXT NOT NULL,
    "versionId" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "createDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ManagedPolicyVersion_pkey" PRIMARY KEY ("policyId","versionId")
);

-- CreateTable
CREATE TABLE "UserPolicyAttachment" (
    "userId" TEXT NOT NULL,
    "policyArn" TEXT NOT NULL,
    "attachedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "UserPolicyAttachment_pkey" PRIMARY KEY ("userId","policyArn")
);

-- CreateTable
CREATE TABLE "GroupPolicyAttachment" (
    "groupId" TEXT NOT NULL,
    "policyArn" TEXT NOT NULL,
    "attachedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "GroupPolicyAttachment_pkey" PRIMARY KEY ("groupId","policyArn")
);

-- CreateTable
CREATE TABLE "ConsoleSession" (
    "tokenHash" TEXT NOT NULL,
    "userId" TEXT,
    "mfaAuthenticated" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ConsoleSession_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "ConsolePreference" (
    "principalArn" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "ConsolePreference_pkey" PRIMARY KEY ("principalArn","name")
);

-- CreateTable
CREATE TABLE "KmsKey" (
    "id" TEXT NOT NULL,
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
    "creationDate" TIMESTAMP(3) NOT NULL,
    "deletionDate" TIMESTAMP(3),
    "rotationEnabled" BOOLEAN NOT NULL DEFAULT false,
    "rotationPeriodInDays" INTEGER NOT NULL DEFAULT 365,
    "nextRotationDate" TIMESTAMP(3),
    "onDemandRotations" INTEGER NOT NULL DEFAULT 0,
    "currentKeyMaterialId" TEXT NOT NULL,

    CONSTRAINT "KmsKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "KmsKeyMaterial" (
    "id" TEXT NOT NULL,
    "keyId" TEXT NOT NULL,
    "rotation" INTEGER NOT NULL,
    "rotationType" TEXT,
    "wrapped" BYTEA NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "KmsKeyMaterial_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "KmsAlias" (
    "accountId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "targetKeyId" TEXT NOT NULL,
    "creationDate" TIMESTAMP(3) NOT NULL,
    "lastUpdatedDate" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "KmsAlias_pkey" PRIMARY KEY ("accountId","region","name")
);

-- CreateTable
CREATE TABLE "KmsTag" (
    "keyId" TEXT NOT NULL,
    "tagKey" TEXT NOT NULL,
    "tagValue" TEXT NOT NULL,

    CONSTRAINT "KmsTag_pkey" PRIMARY KEY ("keyId","tagKey")
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

-- AddForeignKey
ALTER TABLE "TrailEventResource" ADD CONSTRAINT "TrailEventResource_sequence_fkey" FOREIGN KEY ("sequence") REFERENCES "TrailEvent"("sequence") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RepositoryKey" ADD CONSTRAINT "RepositoryKey_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StoredObject" ADD CONSTRAINT "StoredObject_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StoredObject" ADD CONSTRAINT "StoredObject_dataKeyId_fkey" FOREIGN KEY ("dataKeyId") REFERENCES "RepositoryKey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RepositoryTag" ADD CONSTRAINT "RepositoryTag_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "IamUserTag" ADD CONSTRAINT "IamUserTag_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LoginProfile" ADD CONSTRAINT "LoginProfile_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MfaDevice" ADD CONSTRAINT "MfaDevice_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccessKey" ADD CONSTRAINT "AccessKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServiceSpecificCredential" ADD CONSTRAINT "ServiceSpecificCredential_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SshPublicKey" ADD CONSTRAINT "SshPublicKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupMembership" ADD CONSTRAINT "GroupMembership_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "IamGroup"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupMembership" ADD CONSTRAINT "GroupMembership_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UserInlinePolicy" ADD CONSTRAINT "UserInlinePolicy_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupInlinePolicy" ADD CONSTRAINT "GroupInlinePolicy_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "IamGroup"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ManagedPolicyVersion" ADD CONSTRAINT "ManagedPolicyVersion_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "ManagedPolicy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UserPolicyAttachment" ADD CONSTRAINT "UserPolicyAttachment_userId_fkey" FOREIGN KEY ("userId") REFERENCES "IamUser"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GroupPolicyAttachment" ADD CONSTRAINT "GroupPolicyAttachment_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "IamGroup"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KmsKeyMaterial" ADD CONSTRAINT "KmsKeyMaterial_keyId_fkey" FOREIGN KEY ("keyId") REFERENCES "KmsKey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KmsAlias" ADD CONSTRAINT "KmsAlias_targetKeyId_fkey" FOREIGN KEY ("targetKeyId") REFERENCES "KmsKey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KmsTag" ADD CONSTRAINT "KmsTag_keyId_fkey" FOREIGN KEY ("keyId") REFERENCES "KmsKey"("id") ON DELETE CASCADE ON UPDATE CASCADE;
