import { expect, test } from "vitest";
import { renderPlanMarkdown } from "../../src/reporters/plan-markdown.ts";
import { plan, step } from "./samples.ts";

test("a plan for a pull request", () => {
  expect(renderPlanMarkdown(plan())).toMatchInlineSnapshot(`
    "### Plan: \`aks-nginx-flux/clu-demo\`

    2 to create, 2 to update, 1 not known yet, 1 unchanged.

    |  | Step | Type | Name |
    | --- | --- | --- | --- |
    | \`=\` | \`group\` | \`azure/resource-group\` |  |
    | \`~\` | \`ip\` | \`azure/public-ip\` | \`clu-demo-ip\` |
    | \`+\` | \`identity\` | \`azure/managed-identity\` | \`clu-demo-identity\` |
    | \`+\` | \`grant\` | \`azure/role-assignment\` |  |
    | \`~\` | \`cluster\` | \`azure/aks-cluster\` | \`clu-demo\`: was step \`aks\`: marked anew; running work feels it: kubernetesVersion |
    | \`?\` | \`nginx\` | \`ingress/nginx\` | an operation is running: pending-upgrade |

    **Changes**

    | Step | Setting | Before | After |
    | --- | --- | --- | --- |
    | \`ip\` | \`idleTimeout\` | \`4\` | \`10\` |
    | \`ip\` | \`token\` | (secret) | (secret, changed) |
    | \`cluster\` | \`kubernetesVersion\` | \`1.34.6\` | \`1.35.4\` |

    | Output | Value |
    | --- | --- |
    | \`address\` | \`52.0.0.1\` |
    | \`url\` | (known after nginx) |
    | \`token\` | (secret) |

    <details><summary>Settings of what is new</summary>

    | Step | Setting | Value |
    | --- | --- | --- |
    | \`identity\` | \`location\` | \`westeurope\` |
    | \`grant\` | \`principalId\` | (known after identity) |

    </details>

    <details><summary>Graph</summary>

    \`\`\`mermaid
    flowchart TD
      s1["group<br/><small>azure/resource-group</small>"]
      s2["ip<br/><small>azure/public-ip</small>"]
      s3["identity<br/><small>azure/managed-identity</small>"]
      s4["grant<br/><small>azure/role-assignment</small>"]
      s5["cluster<br/><small>azure/aks-cluster</small>"]
      s6["nginx<br/><small>ingress/nginx</small>"]
      s1 --> s2
      s1 --> s3
      s3 --> s4
      s4 --> s5
      s5 --> s6
      s2 --> s6
    \`\`\`

    </details>
    "
  `);
});

test("an offline plan says that nobody was asked", () => {
  expect(renderPlanMarkdown(plan({ offline: true }))).toContain("Offline");
});

test("text of others is no markup, mentions nobody, and does not leave its cell", () => {
  const hostile = "a | b\n<script>@everyone **x** ![i](http://evil) `code|x`";
  const change = {
    path: "p`|`q",
    before: { kind: "nothing" },
    after: { kind: "value", value: hostile },
    effect: "update",
  } as const;
  const markdown = renderPlanMarkdown(
    plan({ steps: [step("s", "t/u", "update", { notes: [hostile], changes: [change] })], outputs: {} }),
  );
  const rows = markdown.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toMatchInlineSnapshot(`
    [
      "| \`~\` | \`s\` | \`t/u\` | a \\| b &lt;script&gt;@<!-- -->everyone \\*\\*x\\*\\* \\!\\[i\\](http://evil) \`code\\|x\` |",
      "| \`s\` | \`\` p\`\\|\`q \`\` |  | \`\` "a \\| b\\n<script>@everyone **x** ![i](http://evil) \`code\\|x\`" \`\` |",
    ]
  `);
  expect(rows[0]).not.toContain("@everyone");
});

test("secrets are never more than their name", () => {
  const markdown = renderPlanMarkdown(plan());
  expect(markdown).toContain("(secret, changed)");
});
