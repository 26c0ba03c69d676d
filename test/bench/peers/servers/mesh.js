import { createServer } from 'node:http';
import process from 'node:process';

import InMemoryLRUCache from '@graphql-mesh/cache-inmemory-lru';
import { createMeshHTTPHandler } from '@graphql-mesh/http';
import BareMerger from '@graphql-mesh/merger-bare';
import { getMesh } from '@graphql-mesh/runtime';
import { DefaultLogger, PubSub } from '@graphql-mesh/utils';
import { createSchema } from 'graphql-yoga';

import { resolvers, serves, typeDefs } from './imageSets.js';

// Mesh with one source, a schema in its own process: nothing is delegated over HTTP.

const logger = new DefaultLogger('Mesh');
const pubsub = new PubSub();
const cache = new InMemoryLRUCache({ pubsub });
const schema = createSchema({ typeDefs, resolvers });
const mesh = getMesh({
  sources: [{ name: 'HealthImaging', handler: { getMeshSource: () => Promise.resolve({ schema }) } }],
  cache,
  pubsub,
  logger,
  merger: new BareMerger({ cache, pubsub, logger, store: undefined }),
});
const handler = createMeshHTTPHandler({
  baseDir: process.cwd(),
  getBuiltMesh: () => mesh,
  rawServeConfig: { playground: false },
});
await mesh;
const server = createServer(handler);
server.listen(0, '127.0.0.1', () => serves(server.address().port));
