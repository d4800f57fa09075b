/** Objects as part of a Ref's id: `v1 Namespace web`, `v1 Secret web/token`; several are joined by ` + `. */
import type { ObjectName } from "../../clients/kubernetes/client.ts";

export const objectId = ({ apiVersion, kind, namespace, name }: ObjectName): string =>
  `${apiVersion} ${kind} ${namespace ? `${namespace}/` : ""}${name}`;

export const objectsId = (names: readonly ObjectName[]): string => names.map(objectId).join(" + ");

/** The objects that an id names, in its order. Empty for an id of another form. */
export const namesIn = (id: string): readonly ObjectName[] =>
  id.split(" + ").flatMap((part) => {
    const [apiVersion, kind, place, ...rest] = part.split(" ");
    if (!apiVersion || !kind || !place || rest.length > 0) return [];
    const [first = "", second] = place.split("/");
    return [
      second === undefined
        ? { apiVersion, kind, name: first }
        : { apiVersion, kind, namespace: first, name: second },
    ];
  });

/** `Secret web/token`: how people name it. */
export const shownName = ({ kind, namespace, name }: ObjectName): string =>
  `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
