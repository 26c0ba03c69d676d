/** Keeps a value with an object, as a WeakMap does, for as long as the object lives. */
export interface Attached<Owner extends object, Value> {
  get(owner: Owner): Value | undefined;
  set(owner: Owner, value: Value | undefined): void;
}

/** What a constructor returns is what its subclass adds private members to. */
const Returned = function (owner: object) {
  return owner;
} as unknown as new (owner: object) => object;

/**
 * For objects of one request, which live shortly: a WeakMap takes 2 µs for each of them, its share of the garbage collection
 * included. Here the value is in a private member of the object itself, which nobody else can see. The object must be extensible.
 */
export function attached<Owner extends object, Value>(): Attached<Owner, Value> {
  class Owning extends Returned {
    #value: Value | undefined;

    static get(owner: Owner): Value | undefined {
      return #value in owner ? owner.#value : undefined;
    }

    static set(owner: Owner, value: Value | undefined): void {
      const owning = #value in owner ? owner : (new Owning(owner) as Owner & Owning);
      owning.#value = value;
    }
  }
  return Owning;
}
