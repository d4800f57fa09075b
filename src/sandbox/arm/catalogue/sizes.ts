/** VM sizes: vCPUs, memory and the family whose quota they use. Figures are Azure's, for a selection of series. */

export interface VmSize {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
  readonly memory: number;
  /** Whether AKS takes it for a system pool: B-series is not supported there. */
  readonly burstable: boolean;
  readonly architecture: "x64" | "Arm64";
  /** True where the subscription may not use it (`NotAvailableForSubscription`). */
  readonly restricted: boolean;
}

interface Series {
  readonly name: (cores: number) => string;
  readonly family: string;
  readonly cores: readonly number[];
  /** GiB per vCPU. */
  readonly memory: number;
  readonly burstable?: boolean;
  readonly architecture?: "Arm64";
  readonly restricted?: boolean;
}

const common = [2, 4, 8, 16, 32];

const series: readonly Series[] = [
  { name: (n) => `Standard_D${n}s_v3`, family: "standardDSv3Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}s_v4`, family: "standardDSv4Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}s_v5`, family: "standardDSv5Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}s_v6`, family: "standardDsv6Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}as_v4`, family: "standardDASv4Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}as_v5`, family: "standardDASv5Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}ads_v5`, family: "standardDADSv5Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}ds_v4`, family: "standardDDSv4Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}ds_v5`, family: "standardDDSv5Family", cores: common, memory: 4 },
  { name: (n) => `Standard_D${n}ds_v6`, family: "standardDdsv6Family", cores: common, memory: 4 },
  {
    name: (n) => `Standard_D${n}ps_v5`,
    family: "standardDPSv5Family",
    cores: common,
    memory: 4,
    architecture: "Arm64",
  },
  { name: (n) => `Standard_E${n}s_v5`, family: "standardESv5Family", cores: common, memory: 8 },
  { name: (n) => `Standard_E${n}as_v5`, family: "standardEASv5Family", cores: common, memory: 8 },
  { name: (n) => `Standard_F${n}s_v2`, family: "standardFSv2Family", cores: common, memory: 2 },
  {
    name: (n) => `Standard_B${n}ms`,
    family: "standardBSFamily",
    cores: [2, 4, 8],
    memory: 4,
    burstable: true,
  },
  { name: () => "Standard_B2s", family: "standardBSFamily", cores: [2], memory: 2, burstable: true },
  {
    name: (n) => `Standard_B${n}s_v2`,
    family: "standardBsv2Family",
    cores: common,
    memory: 4,
    burstable: true,
  },
  { name: () => "Standard_DS1_v2", family: "standardDSv2Family", cores: [1], memory: 3.5 },
  { name: () => "Standard_DS2_v2", family: "standardDSv2Family", cores: [2], memory: 3.5 },
  { name: () => "Standard_DS3_v2", family: "standardDSv2Family", cores: [4], memory: 3.5 },
  { name: () => "Standard_DS4_v2", family: "standardDSv2Family", cores: [8], memory: 3.5 },
  {
    name: () => "Standard_NC6s_v3",
    family: "standardNCSv3Family",
    cores: [6],
    memory: 18.6,
    restricted: true,
  },
];

const sizes: readonly VmSize[] = series.flatMap((entry) =>
  entry.cores.map((cores) => ({
    name: entry.name(cores),
    family: entry.family,
    cores,
    memory: cores * entry.memory,
    burstable: entry.burstable ?? false,
    architecture: entry.architecture ?? "x64",
    restricted: entry.restricted ?? false,
  })),
);

export const allSizes = (): readonly VmSize[] => sizes;

/** Sizes are compared without regard to case. */
export const sizeOf = (name: string): VmSize | undefined =>
  sizes.find((size) => size.name.toLowerCase() === name.toLowerCase());
