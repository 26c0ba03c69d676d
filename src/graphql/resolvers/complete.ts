/**
 * A type's resolvers, each field required that the type's object (`types/objects.ts`) does not hold under its own name: a
 * field added to the schema does not compile until something resolves it.
 */
export type Complete<Resolvers, Mapped> = Resolvers &
  Required<Pick<Resolvers, Exclude<keyof Resolvers, keyof Mapped | '__isTypeOf' | '__resolveReference'>>>;
