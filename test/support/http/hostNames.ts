import dns from 'node:dns';

type Lookup = (name: string, ...rest: readonly unknown[]) => unknown;

export interface HostNames extends Disposable {
  /** From now on the name leads there: an address, or another name, which the machine's own resolver looks up. */
  point(name: string, target: string): void;
}

/** Names of our own in front of the machine's resolver, so that what a name leads to can change. */
export function ownHostNames(): HostNames {
  const targets = new Map<string, string>();
  const original = dns.lookup;
  const lookup: Lookup = (name, ...rest) =>
    Reflect.apply(original as Lookup, dns, [targets.get(name) ?? name, ...rest]);
  Object.assign(dns, { lookup });
  return {
    point: (name, target) => void targets.set(name, target),
    [Symbol.dispose]: () => void Object.assign(dns, { lookup: original }),
  };
}
