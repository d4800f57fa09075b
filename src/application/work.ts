/** What every host does with an opened pipeline: plan, bring up, destroy, look. Shows and asks through its caller. */
import { countActions, hasChanges, type Plan, problemsOf } from "../plan/plan.ts";
import { destroy } from "../run/destroy.ts";
import { planOffline, prepare } from "../run/prepare.ts";
import { type Status, status } from "../run/status.ts";
import { type RunResult, up } from "../run/up.ts";
import { assertPlan } from "./plan-file.ts";
import { preflight } from "./preflight.ts";
import type { Session } from "./session.ts";

export interface PlanWish {
  readonly command: "up" | "destroy";
  readonly offline: boolean;
  readonly prune: boolean;
}

export const planSession = async (
  { world, request }: Session,
  { command, offline, prune }: PlanWish,
): Promise<Plan> =>
  offline ? planOffline(request) : (await prepare(world, request, { command, join: false, prune })).plan;

/** How the caller takes part: it shows the plan as soon as it stands, and says whether it is carried out. */
export interface Approval {
  readonly show: (plan: Plan) => void;
  readonly approve: (plan: Plan) => Promise<boolean>;
}

export interface UpWish extends Approval {
  /** What was approved before: anything else stops with P0443. */
  readonly asserted: Plan | undefined;
  /** How the plan stands in a file, where that is not as it is: a CI host writes none of the secrets that it masks. */
  readonly comparable?: (plan: Plan) => Plan;
  readonly prune: boolean;
  readonly skipPreflight: boolean;
}

export type UpOutcome =
  /** The plan has problems. Nothing was changed. */
  | { readonly kind: "impossible"; readonly plan: Plan }
  /** Preflight found what is in the way, and told it as events. Nothing was changed. */
  | { readonly kind: "blocked"; readonly plan: Plan }
  | { readonly kind: "declined"; readonly plan: Plan }
  | {
      readonly kind: "ran";
      readonly plan: Plan;
      readonly result: RunResult;
      /** False where there was nothing to do but to verify. */
      readonly changed: boolean;
    };

/** Plans, shows, asks, runs, verifies. */
export const bringUp = async (session: Session, wish: UpWish): Promise<UpOutcome> => {
  const { request, world } = session;
  const prune = wish.prune || (wish.asserted?.orphans.some((orphan) => orphan.prune) ?? false);
  const prepared = await prepare(world, request, { command: "up", join: true, prune });
  const { plan } = prepared;
  if (wish.asserted) assertPlan(wish.asserted, wish.comparable?.(plan) ?? plan);
  wish.show(plan);
  if (problemsOf(plan).length > 0) return { kind: "impossible", plan };
  const changed = hasChanges(plan);
  if (changed) {
    if (!wish.skipPreflight && (await isBlocked(session, plan))) return { kind: "blocked", plan };
    if (!(await wish.approve(plan))) return { kind: "declined", plan };
  }
  return { kind: "ran", plan, result: await up(world, request, prepared), changed };
};

const isBlocked = async ({ request, world }: Session, plan: Plan): Promise<boolean> => {
  const findings = await preflight(world, request, plan);
  for (const finding of findings) world.emit({ kind: "finding", ...finding });
  return findings.some(({ severity }) => severity === "blocker");
};

export type DestroyOutcome =
  | { readonly kind: "nothing"; readonly plan: Plan }
  | { readonly kind: "declined"; readonly plan: Plan }
  | { readonly kind: "ran"; readonly plan: Plan; readonly result: RunResult };

export const tearDown = async (
  { request, world }: Session,
  { show, approve }: Approval,
): Promise<DestroyOutcome> => {
  const prepared = await prepare(world, request, { command: "destroy", join: true, prune: true });
  const { plan } = prepared;
  show(plan);
  if (countActions(plan).delete === 0) return { kind: "nothing", plan };
  if (!(await approve(plan))) return { kind: "declined", plan };
  return { kind: "ran", plan, result: await destroy(world, request, prepared) };
};

/** Drift and health; writes nothing. */
export const lookAt = async ({
  request,
  world,
}: Session): Promise<{ readonly plan: Plan; readonly result: Status }> => {
  const prepared = await prepare(world, request, { command: "up", join: false, prune: false });
  return { plan: prepared.plan, result: await status(world, request, prepared) };
};
