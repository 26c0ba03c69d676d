import { isOn, type Config } from '../../config/config.ts';

/** One line that says what is on: what an operator set, or forgot to set. */
export function startLine(config: Config): string {
  const { auth, http, limits, safelist } = config;
  const isAuthenticated = auth.issuer !== undefined;
  const parts = [
    `authentication ${isAuthenticated ? 'on' : 'off'}`,
    `audit ${config.audit.mode ?? (isAuthenticated ? 'on' : 'off')}`,
    `explore page ${onOrOff(isOn(config, http.explorePage))}`,
    `introspection ${onOrOff(isOn(config, http.introspection))}`,
    `safelist ${safelist.mode}`,
    `limits ${limits.mode === 'warn' ? 'only warned of' : 'enforced'}`,
    upstreamOf(config),
  ];
  return `What is on: ${parts.join(', ')}`;
}

function onOrOff(value: boolean): string {
  return value ? 'on' : 'off';
}

function upstreamOf({ upstream: { datastoreIds, endpoint, region } }: Config): string {
  if (datastoreIds === undefined) return 'over the embedded HealthImaging';
  const service = endpoint ?? `AWS HealthImaging in ${region ?? 'no region'}`;
  return `over ${service}, data store${datastoreIds.length === 1 ? '' : 's'} ${datastoreIds.join(' ')}`;
}
