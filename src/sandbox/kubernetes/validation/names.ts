/** Names of objects, as apimachinery's validation has them. */
import type { Cause } from "../api-error.ts";
import type { Kind } from "../kinds/kind.ts";

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Kinds whose names are single labels. */
const labels = new Set(["Namespace", "Service"]);

export const nameCauses = (kind: Kind, name: string): Cause[] => {
  const field = "metadata.name";
  if (name === "") {
    return [
      { reason: "FieldValueRequired", field, message: "Required value: name or generateName is required" },
    ];
  }
  // RBAC and APIService allow every path segment.
  if (kind.group === "rbac.authorization.k8s.io") return [];
  const single = labels.has(kind.kind) && kind.group === "";
  const fits = single ? label.test(name) && name.length <= 63 : subdomain.test(name) && name.length <= 253;
  if (fits) return [];
  const message = `Invalid value: ${JSON.stringify(name)}: ${single ? labelText : subdomainText}`;
  return [{ reason: "FieldValueInvalid", field, message }];
};
