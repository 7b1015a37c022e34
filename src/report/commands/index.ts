import type { CommandResult } from '../../result.ts'
import type { CommandDetail } from '../command-report.ts'
import { backupDetail } from './backup.ts'
import { canaryDetail } from './canary.ts'
import { configCheckDetail } from './config-check.ts'
import { demoDetail } from './demo.ts'
import { gateDetail } from './gate.ts'
import { initDetail } from './init.ts'
import { ledgerDetail } from './ledger.ts'
import { lintDetail } from './lint.ts'
import { migrateDetail } from './migrate.ts'
import { newDetail } from './new.ts'
import { planDetail } from './plan.ts'
import { recordDetail } from './record.ts'
import { drillDetail } from './restore-drill.ts'
import { rollbackDetail } from './rollback.ts'

/** What each command adds to its report; a command that is not here shows its reason and its checks. */
export const commandDetails: ReadonlyMap<string, (command: CommandResult) => CommandDetail> = new Map([
  ['lint', lintDetail],
  ['plan', planDetail],
  ['backup', backupDetail],
  ['verify-backup', backupDetail],
  ['migrate', migrateDetail],
  ['canary', canaryDetail],
  ['restore-drill', drillDetail],
  ['gate', gateDetail],
  ['record', recordDetail],
  ['rollback', rollbackDetail],
  ['config-check', configCheckDetail],
  ['ledger', ledgerDetail],
  ['init', initDetail],
  ['new', newDetail],
  ['demo', demoDetail],
])
