import { systemErrorCode } from '../errors.ts';
import { goesOn, verifyChainFile, type VerifiedChain } from '../audit/log/verifyChainFile.ts';
import { misspeltSettings } from '../config/checks/misspelt.ts';
import { warnOrRefuse } from '../config/checks/warnings.ts';
import { loadConfig } from '../config/config.ts';
import { print, printToStderr, type Command, type Invocation } from './command.ts';
import { UsageError, type CommandLine } from './flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql verify-audit FILE...',
  summary:
    'Checks the chain of audit files (AUDIT_FILE), with the key of AUDIT_CHAIN_KEY where that is set. Several files are\n' +
    'those that were moved away, oldest first, and the one in use. Exit code 1 when anything does not fit.',
  flags: {},
  operands: { name: 'FILE', meaning: 'an audit file', atLeast: 1 },
};

async function run({ operands, environment }: Invocation): Promise<number> {
  const config = loadConfig(environment);
  warnOrRefuse(misspeltSettings(environment), config, printToStderr);
  const { audit } = config;
  let previous: VerifiedChain | undefined;
  let [faulty, misfit] = [false, false];
  for (const path of operands) {
    const isLast = path === operands.at(-1);
    const verified = await readFile(path, audit.chainKey);
    const faults = faultsOf(verified, { previous, isLast });
    if (faults.length > 0) faulty = true;
    if (verified.badLine !== undefined || verified.head === 'does not fit') misfit = true;
    for (const fault of faults) print(`${path}: ${fault}`);
    if (faults.length === 0) print(`${path}: ${summaryOf(verified)}`);
    previous = verified;
  }
  if (misfit && audit.chainKey === undefined)
    print('AUDIT_CHAIN_KEY is not set: files made with a key do not fit without it.');
  return faulty ? 1 : 0;
}

export const verifyAudit: Command = { commandLine, run };

async function readFile(path: string, key: Buffer | undefined): Promise<VerifiedChain> {
  try {
    return await verifyChainFile(path, key);
  } catch (error) {
    if (systemErrorCode(error) !== undefined) {
      throw new UsageError(
        [`FILE: expected files that can be read, which ${path} is not.`],
        commandLine.usage,
      );
    }
    throw error;
  }
}

function faultsOf(
  verified: VerifiedChain,
  { previous, isLast }: { readonly previous: VerifiedChain | undefined; readonly isLast: boolean },
): string[] {
  const { badLine, head, isCut } = verified;
  const continues = previous === undefined || goesOn(previous, verified);
  return [
    ...(badLine === undefined ? [] : [`line ${badLine} does not fit the chain`]),
    // The gateway marks it when it opens the file again, which it does not after the file was moved away.
    ...(isCut && isLast && badLine === undefined ? ['the last line is cut, and not marked as such'] : []),
    ...(continues ? [] : ['line 1 does not go on from the file before']),
    // The head is that of the file in use; one that was moved away ends where the next begins.
    ...(head === 'does not fit'
      ? ['the end does not fit the head: lines are missing, or were replaced']
      : []),
    ...(head === 'absent' && isLast
      ? ['there is no head beside it, so that a cut end would not be seen']
      : []),
  ];
}

function summaryOf({ opening, end, tornLines, isCut }: VerifiedChain): string {
  const [first, last] = [(opening?.sequence ?? 0) + 1, end?.sequence ?? 0];
  const torn = tornLines === 0 ? '' : `; lines cut by a crash and marked as such: ${tornLines}`;
  const cut = isCut ? '; its last line was cut by a crash before it was moved away' : '';
  const events = last < first ? 'fits, and holds no events' : `fits, from number ${first} to ${last}`;
  return events + torn + cut;
}
