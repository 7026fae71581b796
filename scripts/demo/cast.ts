import type { ParticipantName } from "../lib/participants.js";

/** A company as documents name it. */
export interface Company {
  readonly name: string;
  /** ISO 3166-1. */
  readonly country: string;
}

/** Who plays which part. The companies are invented; their names stand in the documents, where a verifier reads them. */
export const CAST = {
  manufacturer: { name: "WEG (sample data)", country: "BR" },
  certifier: { name: "Sample Test Lab", country: "BR" },
  exporter: { name: "Sample Export", country: "BR" },
  logistics: { name: "Sample Logistics", country: "DE" },
  jointManufacturer: { name: "Sample Pumps", country: "DE" },
  technician: { name: "Sample Service", country: "DE" },
  recycler: { name: "Sample Recycling", country: "DE" },
  regulator: { name: "Sample Authority", country: "DE" },
  owner: { name: "Sample Motor Sales", country: "DE" },
  buyer: { name: "Sample Waterworks", country: "DE" },
} as const satisfies Partial<Readonly<Record<ParticipantName, Company>>>;
