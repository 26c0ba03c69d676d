/**
 * The resolvers of a type, of which those are required that its mapped object does not answer by itself: a field added
 * to the schema does not compile until something answers it.
 */
export type Complete<Resolvers, Mapped> = Resolvers &
  Required<Pick<Resolvers, Exclude<keyof Resolvers, keyof Mapped | '__isTypeOf' | '__resolveReference'>>>;
