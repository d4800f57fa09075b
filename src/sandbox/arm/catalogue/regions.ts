/** The regions of the sandbox's Azure, a real selection, with and without availability zones. */

export interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly zones: readonly string[];
}

const threeZones = ["1", "2", "3"];

const regions: readonly Region[] = [
  { name: "westeurope", displayName: "West Europe", zones: threeZones },
  { name: "northeurope", displayName: "North Europe", zones: threeZones },
  { name: "germanywestcentral", displayName: "Germany West Central", zones: threeZones },
  { name: "swedencentral", displayName: "Sweden Central", zones: threeZones },
  { name: "francecentral", displayName: "France Central", zones: threeZones },
  { name: "switzerlandnorth", displayName: "Switzerland North", zones: threeZones },
  { name: "uksouth", displayName: "UK South", zones: threeZones },
  { name: "ukwest", displayName: "UK West", zones: [] },
  { name: "eastus", displayName: "East US", zones: threeZones },
  { name: "eastus2", displayName: "East US 2", zones: threeZones },
  { name: "centralus", displayName: "Central US", zones: threeZones },
  { name: "northcentralus", displayName: "North Central US", zones: [] },
  { name: "westus", displayName: "West US", zones: [] },
  { name: "westus2", displayName: "West US 2", zones: threeZones },
  { name: "westus3", displayName: "West US 3", zones: threeZones },
  { name: "australiaeast", displayName: "Australia East", zones: threeZones },
  { name: "southeastasia", displayName: "Southeast Asia", zones: threeZones },
  { name: "japaneast", displayName: "Japan East", zones: threeZones },
];

export const allRegions = (): readonly Region[] => regions;

/** `West Europe` and `westeurope` are the same region. */
export const normalRegion = (location: string): string => location.toLowerCase().replaceAll(" ", "");

export const regionOf = (location: string): Region | undefined =>
  regions.find((region) => region.name === normalRegion(location));
