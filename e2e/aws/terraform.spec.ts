import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import type { RunningServer } from '../server.ts'
import { awsEnvironment } from './clients.ts'

/** Terraform with the AWS provider, told where the server is and nothing else: `aws_*` resources as for AWS itself. */

test('Terraform makes a repository, a key and a user with its policies and credentials, finds nothing to change, changes them, and removes them', async ({ server }) => {
  test.setTimeout(600_000)
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-terraform-'))
  const terraform = (...args: string[]) =>
    spawnSync('terraform', [...args, '-no-color'], {
      cwd: folder,
      encoding: 'utf8',
      // Where the provider is to be had is this machine's own configuration.
      env: { ...awsEnvironment(server, { region: 'eu-west-1' }), ...(process.env['HOME'] !== undefined && { HOME: process.env['HOME'] }), ...terraformSettings(), AWS_ENDPOINT_URL: undefined },
    })
  try {
    const name = named('terraform')
    write(folder, server, { name, description: 'made by Terraform' })
    const ready = terraform('init')
    test.skip(ready.error !== undefined, 'SKIPPED: there is no terraform on this machine')
    test.skip(ready.status !== 0, 'SKIPPED: terraform cannot get the AWS provider on this machine')

    const applied = terraform('apply', '-auto-approve')
    expect(applied.stderr).toBe('')
    expect(applied.stdout).toContain('Resources: 9 added, 0 changed, 0 destroyed.')
    // 0: the answers agree with what was asked; 2 would be a difference.
    expect(terraform('plan', '-detailed-exitcode').status).toBe(0)

    write(folder, server, { name, description: 'changed by Terraform' })
    const changed = terraform('apply', '-auto-approve')
    expect(changed.stdout, changed.stderr).toContain('Resources: 0 added, 1 changed, 0 destroyed.')

    const destroyed = terraform('destroy', '-auto-approve')
    expect(destroyed.stdout, destroyed.stderr).toContain('Destroy complete! Resources: 9 destroyed.')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Variables of Terraform's own: where it looks for providers. */
function terraformSettings(): Record<string, string> {
  const given = Object.entries(process.env).filter(([variable]) => variable.startsWith('TF_'))
  return Object.fromEntries(given.map(([variable, value]) => [variable, value ?? '']))
}

function write(folder: string, server: RunningServer, { name, description }: { name: string; description: string }): void {
  const endpoints = ['codecommit', 'iam', 'kms', 'sts'].map((service) => `    ${service} = "${server.origin}"\n`).join('')
  writeFileSync(
    join(folder, 'main.tf'),
    `terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  custom_ca_bundle = "${server.caFile}"
  endpoints {
${endpoints}  }
}
resource "aws_codecommit_repository" "repository" {
  repository_name = "${name}"
  description     = "${description}"
  tags            = { team = "core" }
}
data "aws_kms_key" "codecommit" {
  key_id     = "alias/aws/codecommit"
  depends_on = [aws_codecommit_repository.repository]
}
resource "aws_kms_key" "key" {
  description             = "a key"
  deletion_window_in_days = 7
  tags                    = { team = "core" }
}
resource "aws_kms_alias" "alias" {
  name          = "alias/${name}"
  target_key_id = aws_kms_key.key.key_id
}
resource "aws_iam_user" "user" {
  name = "${name}"
}
resource "aws_iam_policy" "policy" {
  name = "${name}"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["codecommit:GitPull"], Resource = aws_codecommit_repository.repository.arn }]
  })
}
resource "aws_iam_user_policy_attachment" "attachment" {
  user       = aws_iam_user.user.name
  policy_arn = aws_iam_policy.policy.arn
}
resource "aws_iam_user_policy" "inline" {
  name   = "no-new-data"
  user   = aws_iam_user.user.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "kms:GenerateDataKey", Resource = "*" }] })
}
resource "aws_iam_access_key" "access_key" {
  user = aws_iam_user.user.name
}
resource "aws_iam_service_specific_credential" "git" {
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.user.name
}
`,
  )
}
