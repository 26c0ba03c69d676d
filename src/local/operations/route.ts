import type { Log } from '../../log/log.ts';
import { inputs, type OperationName, type StructureShape } from '../model/constraints.ts';
import { deserialize } from '../model/deserialize.ts';
import { validate } from '../model/validate.ts';
import type { ImportJobs } from '../jobs/importJobs.ts';
import type { Datastores } from '../store/datastores/datastores.ts';

/** What operations work with. Each names what it uses: `Pick<Deps, 'datastores'>`. */
export interface Deps {
  readonly datastores: Datastores;
  readonly importJobs: ImportJobs;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where the service model puts an operation and its input in HTTP (Smithy's HTTP binding traits). */
export interface RequestBinding<Member extends string = string> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{member}` stands for an input member. */
  readonly path: string;
  /** Whether the last label may have slashes that are not encoded. */
  readonly withSlashes?: true;
  /** What SDKs put before the host name unless they are told not to; this server does not look at the host. */
  readonly hostPrefix?: 'runtime-';
  /** Input members by query parameter. What is neither there nor in the path is in the body. */
  readonly query?: Readonly<Record<string, Member>>;
  /** The input member that is the whole body. */
  readonly payload?: Member;
  /** Default 65,536. */
  readonly maximumBodyBytes?: number;
}

/** Of an output that is not one JSON object. */
export interface ResponseBinding<Member extends string = string> {
  /** The output member that is the whole body. */
  readonly payload: Member;
  /** Output members by header. */
  readonly headers: Readonly<Record<string, Member>>;
}

export interface Operation<Input extends object, Output extends object> extends RequestBinding<
  keyof Input & string
> {
  readonly response?: ResponseBinding<keyof Output & string>;
  readonly handle: (deps: Deps, input: Input) => Written<Output> | Promise<Written<Output>>;
}

type Written<Output> = Output | JsonText<Output>;

/** An output that is JSON already. */
export class JsonText<Output> {
  declare readonly output: Output;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A 200. */
export interface Success {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An operation as the server calls it: by the members that a request holds. */
export interface Route extends RequestBinding {
  readonly operation: string;
  readonly input: StructureShape;
  readonly response?: ResponseBinding;
  /** @throws {ServiceError} */
  readonly call: (deps: Deps, members: Readonly<Record<string, unknown>>) => Promise<Success>;
}

/**
 * The one place where requests become typed: what passes deserialize and validate has the type that the SDK derives from the
 * same model.
 */
export function route<Input extends object, Output extends object>(
  operation: OperationName,
  { handle, ...bindings }: Operation<Input, Output>,
): Route {
  const shape = inputs[operation];
  return {
    ...bindings,
    operation,
    input: shape,
    async call(deps, members) {
      const input = deserialize(shape, members, '') as Readonly<Record<string, unknown>>;
      validate(shape, input);
      return toSuccess(await handle(deps, input as Input), bindings.response);
    },
  };
}

function toSuccess(output: object, binding: ResponseBinding | undefined): Success {
  if (output instanceof JsonText) return { headers: {}, body: output.text };
  if (binding === undefined) return { headers: {}, body: JSON.stringify(output) };
  const members = output as Readonly<Record<string, unknown>>;
  const headers = Object.entries(binding.headers).map(([header, member]) => [header, members[member]]);
  return {
    headers: Object.fromEntries(headers) as Success['headers'],
    body: members[binding.payload] as Buffer,
  };
}
