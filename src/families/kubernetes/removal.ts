/** Removes objects that are ours, and says what still holds those that stay. */
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure, isPassing } from "../../step/failure.ts";
import type { Ref, Scope } from "../../step/ref.ts";
import { conditionsOf } from "./evidence.ts";
import { isOwnedBy, ownerOf, refOf } from "./marks.ts";
import { shownName } from "./object-id.ts";

/** Whether an object carries the marks of this very thing: one that another step has taken since stays. */
export const belongsTo = (object: KubernetesObject, ref: Ref, scope: Scope): boolean =>
  isOwnedBy(ownerOf(object), scope) && refOf(object)?.id === ref.id;

/** What keeps a deleted object: its finalizers, and, for a namespace, what its conditions say is left in it. */
export const heldBy = (object: KubernetesObject): readonly string[] => [
  ...(object.metadata.finalizers ?? []).map((finalizer) => `finalizer ${finalizer}`),
  ...conditionsOf(object)
    .filter((condition) => condition.status === "True" && object.kind === "Namespace")
    .map((condition) => condition.message),
];

/**
 * Deletes these objects, in their order, as far as they carry the marks of `ref`, and looks once whether they are gone.
 * @throws Failure `busy` (P0705) while one is still there: ask again. Objects of others are left alone.
 */
export const removeObjects = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  names: readonly ObjectName[],
  propagation: "Background" | "Foreground" = "Background",
): Promise<void> => {
  const ours: ObjectName[] = [];
  for (const name of names) {
    const live = await client.get(name);
    if (!live || !belongsTo(live, ref, context.owner)) continue;
    ours.push(name);
    if (live.metadata.deletionTimestamp !== undefined) continue;
    await context.fence();
    await client.delete(name, {
      propagation,
      // Another object of the same name, made since the look, is not what was looked at.
      ...(live.metadata.uid !== undefined && { uid: live.metadata.uid }),
    });
  }
  const left = (await Promise.all(ours.map((name) => client.get(name)))).filter((live) => live !== undefined);
  const first = left[0];
  if (!first) return;
  const evidence = left.flatMap((live) => heldBy(live).map((reason) => `${shownOf(live)}: ${reason}`));
  const waiting = `${left.map(shownOf).join(", ")} to be gone${evidence[0] ? ` (${evidence[0]})` : ""}`;
  context.report({ kind: "waiting", reason: waiting });
  throw new Failure({
    kind: "busy",
    code: "P0705",
    message: `waits for ${waiting}`,
    resource: shownOf(first),
    evidence,
    hint: evidence.length > 0 ? "The controller behind a finalizer must run for it to go." : undefined,
  });
};

/** Milliseconds that what is being removed may take to go. */
const patience = 10 * 60_000;

/**
 * Repeats the work while its failures pass: for what is left to do once the step's own thing is gone. The runner would
 * look, find nothing there, and take the whole for done.
 * @throws The work's Failure where it is lasting, or passing for ten minutes.
 */
export const persist = async <Result>(context: StepContext, work: () => Promise<Result>): Promise<Result> => {
  const until = context.clock.now() + patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || !isPassing(error.kind) || context.clock.now() >= until) throw error;
      const delay = error.retryAfter ?? context.environment.pollInterval;
      await context.clock.sleep(delay, context.signal);
    }
  }
};

const shownOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
  shownName({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
