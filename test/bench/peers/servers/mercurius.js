import compress from '@fastify/compress';
import fastify from 'fastify';
import mercurius from 'mercurius';

import { resolvers, serves, typeDefs } from './imageSets.js';

const server = fastify();
await server.register(compress, { encodings: ['br', 'gzip'] });
await server.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
await server.listen({ port: 0, host: '127.0.0.1' });
serves(server.server.address().port);
