import type { GetImageSetMetadataResponse } from '@aws-sdk/client-medical-imaging';

type StreamingBlob = NonNullable<GetImageSetMetadataResponse['imageSetMetadataBlob']>;

/**
 * An input or output of the SDK as restJson1 carries it: timestamps as seconds since 1970, blobs as bytes. Members that the
 * service model requires cannot be undefined.
 */
export type RestJson<Type> = [Type] extends [StreamingBlob]
  ? Buffer
  : Type extends Date
    ? number
    : Type extends readonly (infer Item)[]
      ? readonly RestJson<Item>[]
      : Type extends object
        ? { readonly [Member in keyof Type]: RestJson<Exclude<Type[Member], undefined>> }
        : Type;

/** A timestamp of restJson1: seconds since 1970, with a fraction. */
export function epochSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}
