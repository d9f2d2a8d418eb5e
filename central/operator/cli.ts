import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { X509Certificate } from 'node:crypto'
import * as v from 'valibot'
import { accountRoleSchema, organizationKindSchema } from '../../shared/domain/statuses.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { readCertificate } from '../auth/ca/certificate.ts'
import { companyCodeOf } from '../auth/ca/checks/company-code.ts'
import { bindCertificate } from '../auth/certificate-bindings.repository.ts'
import { readConfig } from '../config.ts'
import { newEpoch, openCentralDatabase } from '../database/open.ts'
import { createPersonalData } from '../personal-data/personal-data.ts'
import { readOrMakePersonalKeys } from '../personal-data/personal-keys.ts'
import type { ServiceContext } from '../service-context.ts'
import { createAccount, createOrganization, reviewRegistration } from './operations.ts'

const usage = `usage: node out/central/cli.js COMMAND, with the environment of the central service
  organization --name --kind --credit-code --address --contact-name --contact-phone --recovery-key FILE
  account --organization ID --username --display-name --role clerk|unit-admin   (password on standard input)
  bind --certificate FILE --account ID
  review --registration ID --approve | --return COMMENT
  new-epoch                                                                      (after a restore from backup)`

const text = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'name': text, 'kind': text, 'credit-code': text, 'address': text, 'contact-name': text, 'contact-phone': text, 'recovery-key': text,
    'organization': text, 'username': text, 'display-name': text, 'role': text, 'certificate': text, 'account': text,
    'registration': text, 'return': text, 'approve': { type: 'boolean', default: false },
  },
})
const given: Readonly<Record<string, string | boolean | undefined>> = values

function need(name: string): string {
  const value = given[name]
  if (typeof value !== 'string' || value === '') throw new Error(`--${name} is missing\n${usage}`)
  return value
}

const commands: Record<string, (context: ServiceContext) => Promise<string>> = {
  organization: (context) =>
    createOrganization(context, {
      name: need('name'),
      kind: v.parse(organizationKindSchema, need('kind')),
      creditCode: need('credit-code'),
      address: need('address'),
      contactName: need('contact-name'),
      contactPhone: need('contact-phone'),
      recoveryPublicKey: readFileSync(need('recovery-key'), 'utf8'),
    }),
  account: (context) =>
    createAccount(context, {
      organizationId: need('organization'),
      username: need('username'),
      displayName: need('display-name'),
      role: v.parse(accountRoleSchema, need('role')),
      password: readFileSync(0, 'utf8').trim(),
    }),
  bind: async (context) => {
    const certificate = readCertificate(Buffer.from(new X509Certificate(readFileSync(need('certificate'))).raw))
    const companyCode = companyCodeOf(certificate)
    if (companyCode === null) throw new Error('the certificate names no unit')
    await bindCertificate(context.db, { issuer: certificate.issuerText, companyCode }, need('account'), context.clock.now())
    return 'bound'
  },
  review: async (context) => {
    await reviewRegistration(context, need('registration'), values.approve ? { approve: true } : { approve: false, comment: need('return') })
    return 'reviewed'
  },
  'new-epoch': (context) => newEpoch(context.db),
}

async function main(): Promise<void> {
  const command = commands[positionals[0] ?? '']
  if (!command) throw new Error(usage)
  const config = readConfig(process.env)
  const database = await openCentralDatabase(config.location)
  try {
    const personal = createPersonalData(readOrMakePersonalKeys(config.keysFile))
    console.log(await command({ db: database.db, epoch: database.epoch, clock: { now: () => new Date() }, personal }))
  } finally {
    await database.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof AppError ? error.sentence : error instanceof Error ? error.message : String(error))
  process.exit(1)
})
