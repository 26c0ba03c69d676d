import { createServer } from 'node:http';

import { createSchema, createYoga } from 'graphql-yoga';

import { resolvers, serves, typeDefs } from './imageSets.js';

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  graphiql: false,
  landingPage: false,
  logging: false,
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => serves(server.address().port));
