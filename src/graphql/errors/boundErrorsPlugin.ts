import type { ApolloServerPlugin } from '@apollo/server';

/** A refusal stays under 2 KB, whatever was sent (`errors.md`); the rest is room for what surrounds the errors. */
const longestErrors = 1_900;

/** Drops the errors of a refusal that no longer fit: the first ones say enough, and a request may have thousands. */
export const boundedRefusalsPlugin: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ response: { body } }) {
        if (body.kind !== 'single') return Promise.resolve();
        const { data, errors = [] } = body.singleResult;
        if (data !== undefined || errors.length < 2) return Promise.resolve();
        let length = 0;
        const fitting = errors.filter((error, index) => {
          length += Buffer.byteLength(JSON.stringify(error)) + 1;
          return index === 0 || length <= longestErrors;
        });
        body.singleResult = { ...body.singleResult, errors: fitting };
        return Promise.resolve();
      },
    }),
};
