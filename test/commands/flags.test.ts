import { describe, expect, test } from '@jest/globals';

import { helpText, portFlag, readArguments, UsageError, type CommandLine } from '../../src/commands/flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql serve [flags]',
  summary: 'Serves.',
  flags: {
    port: portFlag,
    dicom: { value: 'a folder', meaning: 'imports it first' },
    loud: { meaning: 'says more' },
  },
};

function faultsOf(words: readonly string[], line = commandLine): readonly string[] {
  try {
    readArguments(line, words);
  } catch (error) {
    if (error instanceof UsageError) return error.faults;
    throw error;
  }
  return [];
}

describe('readArguments', () => {
  test('reads flags in both forms, repeated ones in order', () => {
    const { flags } = readArguments(commandLine, ['--port', '0', '--dicom=a', '--dicom', 'b', '--loud']);
    expect([...flags]).toEqual([
      ['port', ['0']],
      ['dicom', ['a', 'b']],
      ['loud', ['']],
    ]);
  });

  test('names every fault at once', () => {
    expect(faultsOf(['--prot', '1', '--port', '70000', '--dicom', '--loud=yes', 'word'])).toEqual([
      '--prot: no such flag; expected one of --port, --dicom, --loud, --help, --version.',
      '--port: expected a port from 0 to 65535, where 0 takes a free one.',
      '--dicom: expected a folder.',
      'Expected no word without a flag, but found 2.',
    ]);
  });

  test('does not take names of Object for flags', () => {
    expect(faultsOf(['--constructor'])).toEqual([
      '--constructor: no such flag; expected one of --port, --dicom, --loud, --help, --version.',
    ]);
  });

  test('asks for the operands that a command needs', () => {
    const line = { ...commandLine, operands: { name: 'DIR', meaning: 'a folder', atLeast: 1 } };
    expect(faultsOf([], line)).toEqual(['Expected at least 1 DIR.']);
    expect(readArguments(line, ['a', 'b']).operands).toEqual(['a', 'b']);
  });

  test.each(['help', 'version'] as const)('%s comes before faults', (name) => {
    expect(readArguments(commandLine, ['--prot', `--${name}`])[name]).toBe(true);
  });
});

test('help says what every flag expects', () => {
  expect(helpText(commandLine)).toBe(`Usage: healthimaging-graphql serve [flags]

Serves.

  --port     port to listen on (expects a port from 0 to 65535, where 0 takes a free one)
  --dicom    imports it first (expects a folder)
  --loud     says more
  --help     shows this
  --version  prints the version
`);
});
