/** What steps and preflight ask of Cloudflare. Every call throws a Failure; retrying is the runner's. */

/** Record types that a step manages by plain text content. */
export const recordTypes = ["A", "AAAA", "CNAME", "TXT", "MX", "NS"] as const;
export type RecordType = (typeof recordTypes)[number];

export interface Zone {
  readonly id: string;
  /** Domain name in Punycode, lower case. */
  readonly name: string;
  /** `pending` until the registrar's name servers are Cloudflare's; `moved` when they no longer are. */
  readonly status: "initializing" | "pending" | "active" | "moved";
  /** True where Cloudflare was told to answer DNS only. */
  readonly paused: boolean;
  /** The name servers that Cloudflare gave to the zone, and that its parent has to name. */
  readonly nameServers: readonly string[];
  /** What the token's owner may do on the zone, as in `#dns_records:edit`. Empty where Cloudflare says nothing. */
  readonly permissions: readonly string[];
}

/** What a record shall be. */
export interface RecordContent {
  /** Full name, zone included, in Punycode. */
  readonly name: string;
  readonly type: RecordType;
  readonly content: string;
  /** Seconds; 1 leaves it to Cloudflare. */
  readonly ttl: number;
  /** Only for A, AAAA and CNAME; false elsewhere. */
  readonly proxied: boolean;
  /** At most 100 characters on free plans. Empty removes it. */
  readonly comment: string;
  /** MX only: lower is preferred. */
  readonly priority?: number | undefined;
}

/** A record as it is: of any type, also of those that no step manages. */
export interface DnsRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly ttl: number;
  readonly proxied: boolean;
  readonly comment: string;
  readonly priority?: number | undefined;
}

export interface RecordFilter {
  /** Full name, exactly. */
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly content?: string | undefined;
  /** What the comment begins with. */
  readonly comment?: string | undefined;
}

/** Carried out in one database transaction, in this order: deletes, updates, creates. */
export interface RecordBatch {
  readonly deletes?: readonly string[] | undefined;
  readonly updates?: readonly (RecordContent & { readonly id: string })[] | undefined;
  readonly creates?: readonly RecordContent[] | undefined;
}

export interface TokenState {
  readonly id: string;
  readonly status: "active" | "disabled" | "expired";
  /** ISO 8601; undefined for a token that never ends. */
  readonly expiresOn?: string | undefined;
}

/** A permission that a token's own policies give, with the zones (or accounts) it holds on. */
export interface TokenPolicy {
  readonly effect: "allow" | "deny";
  /** Names of the permission groups, as in `Zone Read`, `DNS Write`. */
  readonly permissions: readonly string[];
  /** Resource keys, as in `com.cloudflare.api.account.zone.<id>`, `com.cloudflare.api.account.zone.*`. */
  readonly resources: readonly string[];
}

export interface CloudflareClient {
  readonly zones: {
    /** Every zone that the token may see. Pages are followed. */
    list(): Promise<readonly Zone[]>;
    /** The zone that a domain name belongs to: the longest zone name that it ends with. */
    find(name: string): Promise<Zone | undefined>;
    /** `undefined` when there is no such zone, or the token may not see it. */
    get(id: string): Promise<Zone | undefined>;
  };
  readonly records: {
    /** Pages are followed. */
    list(zoneId: string, filter?: RecordFilter): Promise<readonly DnsRecord[]>;
    create(zoneId: string, record: RecordContent): Promise<DnsRecord>;
    /** Overwrites the record as a whole. */
    update(zoneId: string, id: string, record: RecordContent): Promise<DnsRecord>;
    /** Absent is success. */
    delete(zoneId: string, id: string): Promise<void>;
    /** Split into parts of 200 operations, the limit of free plans. */
    batch(zoneId: string, batch: RecordBatch): Promise<void>;
  };
  /** What Cloudflare says of the token itself. */
  verifyToken(): Promise<TokenState>;
  /** The token's own policies; `undefined` where it may not read them (needs `API Tokens Read`). */
  tokenPolicies(id: string): Promise<readonly TokenPolicy[] | undefined>;
}
