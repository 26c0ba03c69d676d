import { settings, type Environment } from '../tables.ts';
import { editDistance } from './editDistance.ts';

const names = settings.map(({ name }) => name);
const known = new Set(names);

/** First words of settings that other programs' variables begin with too. */
const sharedWords = ['AWS', 'LOG', 'NODE', 'REDIS'];

/** First words that are this program's: `AUTH` of AUTH_ISSUER. */
const ownWords = new Set(
  names
    .filter((name) => name.includes('_'))
    .map(firstWord)
    .filter((word) => !sharedWords.includes(word)),
);

/** What Kubernetes makes for each service of a namespace: one may be called `auth` or `healthimaging-graphql`. */
const ofService =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

/** Set by web servers for CGI programs, and by the editor Cursor in its terminal. */
const ofOthers = /^(?:REQUEST_(?:METHOD|SCHEME|URI)|CURSOR_(?:AGENT|CLI|INVOKED_AS|SANDBOX|TRACE)(?:_\w+)?)$/;

/** Any other form is no misspelt setting, and is not to be quoted in a log. */
const quotable = /^\w{1,64}$/;

/**
 * Variables whose names are close to a setting's, or begin like this program's settings, without being one: a sentence for
 * each, with the setting that was probably meant.
 */
export function misspeltSettings(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => (environment[name] ?? '') !== '' && quotable.test(name))
    .filter((name) => !known.has(name) && !ofService.test(name) && !ofOthers.test(name))
    .toSorted()
    .flatMap((name) => {
      const isOwn = name.includes('_') && ownWords.has(firstWord(name));
      const meant = nearSetting(name.toUpperCase()) ?? (isOwn ? likelySetting(name) : undefined);
      if (meant !== undefined) return [`${name} is not a setting; ${meant} is.`];
      return isOwn ? [`${name} is not a setting.`] : [];
    });
}

function nearSetting(name: string): string | undefined {
  if (known.has(name)) return name;
  return nearest(
    name,
    names.filter((candidate) => isNear(name, candidate)),
  );
}

/** Strict, for it holds for every variable there is: POST, COST and VHOST are other words than PORT and HOST. */
function isNear(name: string, candidate: string): boolean {
  if (candidate.length < 6) {
    return name === `${candidate}S` || (isAnagram(name, candidate) && editDistance(name, candidate) === 1);
  }
  const limit = candidate.length < 12 ? 1 : candidate.length < 20 ? 2 : 3;
  // No distance is less than the difference in length: so most names are passed over without work.
  return Math.abs(name.length - candidate.length) <= limit && editDistance(name, candidate) <= limit;
}

function isAnagram(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  return Array.from(one).toSorted().join('') === Array.from(other).toSorted().join('');
}

/** For a name that begins like this program's settings, and is therefore none of another program's. */
function likelySetting(name: string): string | undefined {
  const [word, rest] = [firstWord(name), restOf(name)];
  const family = names.filter((candidate) => firstWord(candidate) === word && candidate !== word);
  const [only, ...others] = family;
  return (
    nearest(
      name,
      family.filter((candidate) => isAlike(rest, restOf(candidate))),
    ) ??
    nearest(
      name,
      names.filter((candidate) => endsIn(candidate, name) || (rest.length >= 6 && endsIn(candidate, rest))),
    ) ??
    (others.length === 0 ? only : undefined)
  );
}

/** What stands behind the first word: AUDIT_LOG_FILE for AUDIT_FILE, AUTH_CLOCK_SKEW for AUTH_CLOCK_SKEW_S. */
function isAlike(rest: string, candidate: string): boolean {
  const limit = Math.floor(Math.max(rest.length, candidate.length) * 0.4);
  if (editDistance(rest, candidate) <= limit) return true;
  const [short, long] = rest.length < candidate.length ? [rest, candidate] : [candidate, rest];
  return endsIn(long, short) || long.startsWith(`${short}_`);
}

/** Whether the last words of a name are those. */
function endsIn(name: string, words: string): boolean {
  return `_${name}`.endsWith(`_${words}`);
}

function nearest(name: string, candidates: readonly string[]): string | undefined {
  return candidates.toSorted((one, other) => editDistance(name, one) - editDistance(name, other))[0];
}

function firstWord(name: string): string {
  return name.split('_', 1)[0] ?? '';
}

function restOf(name: string): string {
  return name.slice(name.indexOf('_') + 1);
}
