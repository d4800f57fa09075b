/** Names of records: as a person writes them, and in full. Pure. */
import { domainToASCII } from "node:url";

/**
 * The full name in Punycode and lower case, from a name that is relative to the zone (`www`, `*`, `@` or nothing
 * for the zone itself) or full already (`www.example.com`).
 */
export const fullName = (name: string, zone: string): string => {
  const domain = asciiName(zone);
  const plain = asciiName(name);
  if (plain === "" || plain === "@" || plain === domain) return domain;
  return plain.endsWith(`.${domain}`) ? plain : `${plain}.${domain}`;
};

/** What can't be written in Punycode is left for Cloudflare to refuse. */
export const asciiName = (name: string): string => {
  const plain = name.trim().toLowerCase().replace(/\.$/, "");
  return domainToASCII(plain) || plain;
};
