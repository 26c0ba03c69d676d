import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';

import type { AuditedAction } from '../../audit/auditEvent.ts';
import type { Auditing } from '../../audit/auditing.ts';
import { isDenial } from '../../audit/recorder.ts';
import { isErrorCode, type ErrorCode } from '../../errors.ts';
import type { RequestContext } from '../context.ts';
import type { ErrorForm } from '../errors/formatError.ts';
import { refusalHead } from '../errors/refuse.ts';

/**
 * Holds each response back until its audit events are written; a response whose events must be written and cannot be is
 * replaced by an error. The refusal of an operation as a whole is an event of its own where it is about the principal:
 * authentication, scopes, limits, cost, rate, safelist. A document that cannot be parsed or does not match the schema asks
 * for nobody's data.
 */
export function auditPlugin(
  auditing: Auditing,
  formatError: (error: unknown) => ErrorForm,
): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, response }) {
          const { body } = response;
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
          const actions = [...(contextValue.audit?.actions() ?? [])];
          const refused = refusalOf(errors);
          if (refused !== undefined && !actions.some(({ outcome }) => isOutcome(outcome, refused)))
            actions.push({ kind: 'refusal', outcome: { kind: 'denied', code: refused } });
          try {
            await auditing.write(contextValue, actions);
          } catch (error) {
            const form = formatError(error);
            const { status, headers } = refusalHead(form.extensions);
            response.http.status = status;
            for (const [name, value] of Object.entries(headers)) response.http.headers.set(name, value);
            response.body = { kind: 'single', singleResult: { errors: [form] } };
          }
        },
      };
    },
  };
}

function refusalOf(errors: readonly GraphQLFormattedError[]): ErrorCode | undefined {
  return errors
    .map(({ extensions }) => extensions?.['code'])
    .filter(isErrorCode)
    .find(isDenial);
}

function isOutcome(outcome: AuditedAction['outcome'], code: ErrorCode): boolean {
  return outcome.kind === 'denied' && outcome.code === code;
}
