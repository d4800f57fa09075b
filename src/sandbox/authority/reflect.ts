/**
 * The part of the Reflect metadata proposal that `@peculiar/x509`'s container asks for when it is loaded. Import
 * this before it; a full polyfill that is already there is left alone.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

const own = (target: object): Map<unknown, unknown> => {
  const known = metadata.get(target);
  if (known) return known;
  const fresh = new Map<unknown, unknown>();
  metadata.set(target, fresh);
  return fresh;
};

const inherited = (key: unknown, target: object): unknown => {
  for (let holder: object | null = target; holder; holder = Reflect.getPrototypeOf(holder)) {
    if (metadata.get(holder)?.has(key)) return metadata.get(holder)?.get(key);
  }
  return undefined;
};

if (!("getMetadata" in Reflect)) {
  Object.assign(Reflect, {
    getMetadata: inherited,
    getOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.get(key),
    hasOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.has(key) ?? false,
    defineMetadata: (key: unknown, value: unknown, target: object) => {
      own(target).set(key, value);
    },
  });
}
