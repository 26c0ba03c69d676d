export { loadConfig, ConfigError, type Config, type Environment } from './config/config.ts';
export { createGateway, type Gateway, type GatewayOptions, type Upstream } from './gateway.ts';
export { importDicom, type ImportSummary } from './local/import/import.ts';
export { createLocalHealthImaging } from './local/server.ts';
export { openDatastores, type Datastores } from './local/store/datastores/datastores.ts';
export type { Store } from './local/store/store.ts';
export { createLog, type Log } from './log/log.ts';
