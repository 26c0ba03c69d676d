import type { ApolloServerPlugin } from '@apollo/server';

/** In bytes: a refusal stays under 2 KB whatever was sent. The rest is for what surrounds the errors. */
const longestErrors = 1_900;

/** Keeps the first errors of a refusal that fit: they say enough, and a document may have thousands. */
export const boundErrorsPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body } }) {
        if (body.kind !== 'single') return;
        const { data, errors = [] } = body.singleResult;
        if (data !== undefined || errors.length < 2) return;
        let length = 0;
        const fitting = errors.filter((error, index) => {
          length += Buffer.byteLength(JSON.stringify(error)) + 1;
          return index === 0 || length <= longestErrors;
        });
        body.singleResult = { ...body.singleResult, errors: fitting };
      },
    };
  },
};
