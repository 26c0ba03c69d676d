import { settingWarnings, warnOrRefuse } from '../config/checks/warnings.ts';
import { valuesOf } from '../config/checks/withoutEffect.ts';
import { readSettings, settings, type Environment } from '../config/config.ts';
import { print, printToStderr, type Command, type Invocation } from './command.ts';
import type { CommandLine } from './flags.ts';

const commandLine: CommandLine = {
  usage: 'healthimaging-graphql config',
  summary:
    'Prints every setting: its name, its value, and where that came from (`environment`, `.env`, `default`), with the AWS_*\n' +
    'and OTEL_* that are set. Keys and passwords are masked. Exit code 2 when serve would not start with these settings.',
  flags: {},
};

type Row = readonly [name: string, value: string, source: string];

async function run({ environment, inherited }: Invocation): Promise<number> {
  const { config, faulty, error } = readSettings(environment);
  const valueOf = valuesOf(config);
  const sourceOf = (name: string) => (inherited.has(name) ? 'environment' : '.env');
  const rows: Row[] = [
    ...settings.map(({ name, shown, secret, inForce }): Row => {
      const text = environment[name] ?? '';
      if (text === '') return [name, inForce?.(valueOf) ?? shown, 'default'];
      if (faulty.has(name)) return [name, '(cannot be used)', sourceOf(name)];
      return [name, secret === true ? masked : readable(text), sourceOf(name)];
    }),
    ...variablesOfLibraries(environment).map(([name, text]): Row => [
      name,
      libraryValue(name, text),
      sourceOf(name),
    ]),
  ];
  for (const line of aligned(rows)) print(line);
  if (error !== undefined) throw error;
  warnOrRefuse(settingWarnings(environment, config), config, printToStderr);
  return Promise.resolve(0);
}

export const config: Command = { commandLine, run };

/** What the AWS SDK and an OpenTelemetry SDK read by themselves, by name. */
function variablesOfLibraries(environment: Environment): (readonly [name: string, text: string])[] {
  const ownNames = new Set(settings.map(({ name }) => name));
  return Object.entries(environment)
    .map(([name, text = '']) => [name, text] as const)
    .filter(([name, text]) => /^(?:AWS|OTEL)_\w+$/.test(name) && text !== '' && !ownNames.has(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

const masked = '********';

const secretName = /KEY|SECRET|TOKEN|PASSWORD|CREDENTIALS|AUTHORIZATION|HEADERS/;
/** A secret among attributes: `team=imaging,vendor.api_key=...`. */
const secretMember = /(?:key|secret|token|password)[^=,]*=/i;

/** A variable that names a file shows where a secret is, and not the secret. */
function libraryValue(name: string, text: string): string {
  if (secretName.test(name) && !name.endsWith('_FILE')) return masked;
  const shown = readable(text);
  return secretMember.test(shown) ? masked : shown;
}

/**
 * On one line, and without what a URL has of secrets: user and password, which may hold any letter, and the query. An
 * endpoint of OpenTelemetry may be a host and port without a scheme.
 */
function readable(text: string): string {
  return text
    .replaceAll(/\/\/\S*@/g, `//${masked}@`)
    .replaceAll(/[^\s,=/:]*:(?!\/\/)\S*@/g, `${masked}@`)
    .replaceAll(/(:\/\/[^\s?]*)\?\S*/g, `$1?${masked}`)
    .replaceAll(/\p{C}/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
}

function aligned(rows: readonly Row[]): string[] {
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [names, values] = [width(0), width(1)];
  return rows.map(([name, value, source]) => `${name.padEnd(names)}  ${value.padEnd(values)}  ${source}`);
}
