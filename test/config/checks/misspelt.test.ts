import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { misspeltSettings } from '../../../src/config/checks/misspelt.ts';
import { ConfigError, loadConfig, settings } from '../../../src/config/config.ts';
import { propertyParameters } from '../../support/propertyRuns.ts';

const names = settings.map(({ name }) => name);
const named = (...variables: readonly string[]) =>
  misspeltSettings(Object.fromEntries(variables.map((name) => [name, 'something'])));

describe('a misspelt setting', () => {
  test.each([
    ['PROT', 'PORT'],
    ['port', 'PORT'],
    ['HSOT', 'HOST'],
    ['HOSTS', 'HOST'],
    ['COMPRESION', 'COMPRESSION'],
    ['REQUEST_DEADLINE', 'REQUEST_DEADLINE_MS'],
    ['REQUEST_TIMEOUT_MS', 'REQUEST_DEADLINE_MS'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['CORS_ALLOWED_ORIGINS', 'CORS_ORIGINS'],
    ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
    ['GRAPHQL_INTROSPECT', 'GRAPHQL_INTROSPECTION'],
    ['HEALTHIMAGING_DATASTORE_ID', 'HEALTHIMAGING_DATASTORE_IDS'],
    ['HEALTHIMAGING_DATASTORES', 'HEALTHIMAGING_DATASTORE_IDS'],
    ['HEALTH_IMAGING_DATASTORE_IDS', 'HEALTHIMAGING_DATASTORE_IDS'],
    ['HEALTHIMAGING_REGION', 'AWS_REGION'],
    ['HEALTHIMAGING_LOG_LEVEL', 'LOG_LEVEL'],
    ['AWS_REGOIN', 'AWS_REGION'],
    ['AWS_ENDPOINT_URL_MEDICALIMAGING', 'AWS_ENDPOINT_URL_MEDICAL_IMAGING'],
    ['PAGE_SIZE', 'HEALTHIMAGING_PAGE_SIZE'],
    ['PAGE_CACHE', 'PAGE_CACHE_BYTES'],
    ['CURSOR_KEY', 'CURSOR_KEYS'],
    ['CURSOR_SECRET', 'CURSOR_KEYS'],
    ['AUTH_ISUER', 'AUTH_ISSUER'],
    ['Auth_Isuer', 'AUTH_ISSUER'],
    ['auth_issuer', 'AUTH_ISSUER'],
    ['AUHT_ISSUER', 'AUTH_ISSUER'],
    ['AUTH_JWKS', 'AUTH_JWKS_URL'],
    ['AUTH_CLOCK_SKEW', 'AUTH_CLOCK_SKEW_S'],
    ['AUDIT_LOG_FILE', 'AUDIT_FILE'],
    ['AUDIT_MODE', undefined],
    ['LIMIT_QUERY_DEPTH', 'LIMIT_DEPTH'],
    ['LIMITS_DEPTH', 'LIMIT_DEPTH'],
    ['COST_PER_MIN', 'COST_PER_MINUTE'],
    ['REDIS_URI', 'REDIS_URL'],
    ['SAFELIST_MANIFST', 'SAFELIST_MANIFEST'],
    ['SAFE_LIST_MODE', 'SAFELIST_MODE'],
    ['NODEENV', 'NODE_ENV'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['SETTING', 'SETTINGS'],
    ['GRAPHQL_PLAYGROUND', undefined],
    ['AUTH_SECRET', undefined],
  ])('%s is not a setting; %s is', (name, meant) => {
    const sentence =
      meant === undefined ? `${name} is not a setting.` : `${name} is not a setting; ${meant} is.`;
    expect(named(name)).toEqual([sentence]);
  });

  test('is named beside the faults of the settings, which it may explain', () => {
    const load = () =>
      loadConfig({ HOST: '0.0.0.0', AUTH_ISUER: 'https://issuer.example', AUHT_AUDIENCE: 'graph' });
    expect(load).toThrow(
      new ConfigError([
        'HOST: expected a loopback address, since no authentication is configured (AUTH_ISSUER, or AUTH=none).',
        'AUHT_AUDIENCE is not a setting; AUTH_AUDIENCE is.',
        'AUTH_ISUER is not a setting; AUTH_ISSUER is.',
      ]),
    );
  });
});

/** As they stand in shells, containers, build servers and pods. */
const ordinary = `
  PATH HOME SHELL LANG LANGUAGE LC_ALL LC_CTYPE USER USERNAME LOGNAME PWD OLDPWD SHLVL TERM TERM_PROGRAM COLORTERM EDITOR
  VISUAL PAGER LESS LS_COLORS HOSTNAME HOSTTYPE VHOST MAIL TMPDIR TZ DISPLAY HISTFILE HISTSIZE XDG_DATA_HOME
  XDG_RUNTIME_DIR SSH_AUTH_SOCK SSH_CONNECTION SSH_AGENT_PID DBUS_SESSION_BUS_ADDRESS KRB5CCNAME POSIXLY_CORRECT NO_COLOR
  FORCE_COLOR COLUMNS LINES DEBUG VERSION DOMAIN COST POST OAUTH LIMIT LIMITS PORTAL EXPORT SUPPORT REPORT GHOST HOUSE
  http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
  REQUESTS_CA_BUNDLE REQUEST_METHOD REQUEST_URI PYTHONPATH VIRTUAL_ENV JAVA_HOME GOPATH CARGO_HOME EDITOR_PORT
  AWS_PROFILE AWS_DEFAULT_PROFILE AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_ROLE_ARN
  AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  AWS_EXECUTION_ENV AWS_MAX_ATTEMPTS AWS_RETRY_MODE AWS_CA_BUNDLE AWS_STS_REGIONAL_ENDPOINTS AWS_USE_FIPS_ENDPOINT
  AWS_USE_DUALSTACK_ENDPOINT AWS_EC2_METADATA_DISABLED AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_METADATA_SERVICE_TIMEOUT
  AWS_SDK_LOAD_CONFIG AWS_SDK_UA_APP_ID AWS_DISABLE_HOST_PREFIX_INJECTION AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
  AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_MEDIALIVE AWS_ENDPOINT_URL_MEDIACONVERT
  AWS_ENDPOINT_URL_MEDIA_PACKAGE AWS_ENDPOINT_URL_MEDIASTORE_DATA AWS_ENDPOINT_URL_HEALTHLAKE AWS_LAMBDA_FUNCTION_NAME
  AWS_LAMBDA_RUNTIME_API AWS_PAGER AWS_ACCOUNT_ID AWS_REGION_NAME_PREFIX AWS_XRAY_DAEMON_ADDRESS AWS_VAULT
  OTEL_SERVICE_NAME OTEL_TRACES_EXPORTER OTEL_METRICS_EXPORTER OTEL_LOGS_EXPORTER OTEL_LOG_LEVEL OTEL_SDK_DISABLED
  OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_HEADERS OTEL_EXPORTER_OTLP_PROTOCOL OTEL_RESOURCE_ATTRIBUTES
  OTEL_NODE_ENABLED_INSTRUMENTATIONS OTEL_NODE_RESOURCE_DETECTORS OTEL_PROPAGATORS OTEL_TRACES_SAMPLER
  NODE NODE_OPTIONS NODE_PATH NODE_DEBUG NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_V8_COVERAGE NODE_VERSION
  NODE_NO_WARNINGS NODE_PENDING_DEPRECATION NODE_REPL_HISTORY NODE_CHANNEL_FD NODE_HOME NODE_NAME YARN_VERSION UV_THREADPOOL_SIZE
  NODENV_ROOT NODENV_VERSION NVM_DIR NVM_BIN COREPACK_ENABLE_STRICT INIT_CWD npm_command npm_config_cache npm_config_loglevel
  npm_config_user_agent npm_execpath npm_lifecycle_event npm_lifecycle_script npm_node_execpath npm_package_json
  npm_package_name npm_package_version NPM_CONFIG_LOGLEVEL NPM_TOKEN JEST_WORKER_ID
  CI CI_COMMIT_SHA CI_JOB_ID CI_JOB_TOKEN CI_PIPELINE_ID CI_REGISTRY GITLAB_CI GITLAB_USER_LOGIN RUNNER_OS RUNNER_TEMP
  GITHUB_ACTIONS GITHUB_ACTOR GITHUB_SHA GITHUB_TOKEN GITHUB_WORKSPACE JENKINS_URL BUILD_ID BUILD_NUMBER JOB_NAME
  CIRCLECI TRAVIS BUILDKITE TEAMCITY_VERSION TF_BUILD AGENT_NAME VERCEL_ENV DYNO HEROKU_APP_NAME
  DATABASE_URL PGHOST PGPORT PGUSER MONGO_URL REDIS_HOST REDIS_PASSWORD REDIS_DB REDIS_TLS_URL REDISCLOUD_URL RABBITMQ_URL
  LOG_FORMAT LOG_FILE LOG_DIR LOGGING_LEVEL SENTRY_DSN DD_AGENT_HOST DD_TRACE_AGENT_PORT NEW_RELIC_LICENSE_KEY
  POD_NAME POD_NAMESPACE POD_IP NODE_IP HOST_IP KUBECONFIG VAULT_ADDR CONSUL_HTTP_ADDR DOCKER_HOST CONTAINER
  LISTEN_PID LISTEN_FDS JOURNAL_STREAM INVOCATION_ID NOTIFY_SOCKET WATCHDOG_USEC MEMORY_PRESSURE_WATCH
  CURSOR_TRACE_ID CURSOR_AGENT VSCODE_PID VSCODE_IPC_HOOK INTELLIJ_ENVIRONMENT_READER WSL_DISTRO_NAME
  SystemRoot ComSpec PROCESSOR_ARCHITECTURE NUMBER_OF_PROCESSORS ProgramFiles APPDATA Path
`
  .trim()
  .split(/\s+/);

/** As Kubernetes, and Docker's links, make them. */
const ofServices = [
  'HEALTHIMAGING_GRAPHQL',
  'AUTH',
  'AUTH_SERVER',
  'AUDIT',
  'REDIS',
  'PAGE_STORE',
  'LIMIT',
  'KUBERNETES',
  'GRAPHQL_ROUTER',
].flatMap((service) =>
  `SERVICE_HOST SERVICE_PORT SERVICE_PORT_HTTP SERVICE_PORT_HTTPS_METRICS PORT PORT_80_TCP PORT_80_TCP_PROTO PORT_80_TCP_PORT
   PORT_80_TCP_ADDR PORT_53_UDP PORT_53_UDP_ADDR`
    .split(/\s+/)
    .map((end) => `${service}_${end}`),
);

describe('no misspelt setting', () => {
  test('is among ordinary variables', () => {
    expect(ordinary.length).toBeGreaterThan(200);
    expect(named(...ordinary)).toEqual([]);
  });

  test('is among those that Kubernetes makes for services', () => {
    expect(named(...ofServices)).toEqual([]);
  });

  test('is among those that are empty, or whose names could not be quoted', () => {
    expect(misspeltSettings({ AUTH_ISUER: '', PROT: undefined })).toEqual([]);
    expect(named(`AUTH_${'X'.repeat(60)}`, 'AUTH_ISUER\nforged', 'AUTH_Müller', 'AUTH_ISUER%%')).toEqual([]);
  });

  test('is a setting, whatever else is set', () => {
    fc.assert(
      fc.property(fc.subarray(names), fc.subarray(ordinary, { maxLength: 20 }), (some, others) => {
        expect(named(...some, ...others)).toEqual([]);
      }),
      propertyParameters(200),
    );
  });
});

test('one letter swapped, left out, doubled or in the wrong case leads back to a setting of six letters and more', () => {
  const long = names.filter((name) => name.length >= 6);
  const misspelling = fc.constantFrom(...long).chain((name) =>
    fc
      .tuple(
        fc.integer({ min: 0, max: name.length - 2 }),
        fc.constantFrom('swapped', 'left out', 'doubled', 'case'),
      )
      .map(([at, how]) => {
        const [start, one = '', two = '', end] = [
          name.slice(0, at),
          name[at],
          name[at + 1],
          name.slice(at + 2),
        ];
        const changed = { swapped: two + one, 'left out': two, doubled: one + one + two, case: '' }[how];
        return how === 'case' ? name.toLowerCase() : start + changed + end;
      }),
  );
  fc.assert(
    fc.property(misspelling, (name) => {
      fc.pre(!names.includes(name) && !/^[\d_]/.test(name));
      expect(named(name)).toEqual([
        expect.stringMatching(new RegExp(`^${name} is not a setting; (${names.join('|')}) is\\.$`)),
      ]);
    }),
    propertyParameters(500),
  );
});
