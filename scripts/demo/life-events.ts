import type { Attachment, DocumentInput, EventOption } from "@digital-product-passport/sdk";
import { CAST } from "./cast.js";

const CAMPAIGN = "SAMPLE-2026-07";

const pumpStation = { name: "Pumping station 2", locality: "Musterstadt", country: "DE" } as const;

const route = {
  origin: { name: "Jaraguá do Sul (sample data)", gln: "9521122000019", locality: "Jaraguá do Sul", country: "BR" },
  destination: { name: "Sample Pumps, works 1", locality: "Frankenthal", country: "DE" },
  carrier: CAST.logistics,
  tracking: { number: "SAMPLE-CONTAINER-4711" },
  customsReference: "SAMPLE-EXPORT-0815",
  conditions: { incoterm: "CIF", packaging: "Seaworthy crate, by Itajaí and Hamburg" },
} as const;

/**
 * The test before the motor leaves the works.
 *
 * @param certificate - of the laboratory
 * @returns the event with its document
 */
export function qualityTested(certificate: Attachment): EventOption {
  const data: DocumentInput<"QUALITY_TESTED">["data"] = {
    test: "Routine test",
    standard: "IEC 60034-1",
    result: "passed",
    laboratory: CAST.certifier,
    certificateNumber: "SAMPLE-RT-2600851",
    measurements: [
      { quantity: "efficiency at full load", value: "96.1", unit: "%" },
      { quantity: "vibration-velocity", position: "drive end", value: "0.9", unit: "mm/s" },
    ],
  };
  return { eventType: "QUALITY_TESTED", document: { recordedBy: CAST.certifier, data, attachments: [certificate] } };
}

/** The motor leaves the country. */
export const shipped: EventOption = {
  eventType: "SHIPPED",
  document: { recordedBy: CAST.exporter, data: route },
};

/** It arrives at the maker of pumps. */
export const received: EventOption = {
  eventType: "RECEIVED",
  document: { recordedBy: CAST.jointManufacturer, data: { ...route, state: "intact" } },
};

/** Both sides of the sale name this document. */
export const sale: DocumentInput<"OWNERSHIP_TRANSFERRED"> = {
  recordedBy: CAST.buyer,
  data: { contractReference: "SAMPLE-PO-2026-118" },
};

/** It is built into a pump and put into service. */
export const commissioned: EventOption = {
  eventType: "COMMISSIONED",
  document: {
    recordedBy: CAST.jointManufacturer,
    data: {
      site: pumpStation,
      operatingConditions: {
        load: "Centrifugal pump, 71 kW at the shaft",
        supply: "frequency-converter",
        ambientCelsius: { minimum: "5", maximum: "35" },
        mounting: "Foot, horizontal",
      },
      firstMeasurements: [
        { quantity: "current", position: "phase U", value: "123.5", unit: "A" },
        { quantity: "winding-temperature", value: "88", unit: "Cel" },
      ],
    },
  },
};

/** What the technician signs in the field. */
export const maintained: EventOption = {
  eventType: "MAINTAINED",
  document: {
    recordedBy: CAST.technician,
    data: {
      kind: "lubrication",
      description: "Bearings regreased in operation; no noise, no rise of temperature.",
      parts: [{ name: "Grease cartridge, 34 g", quantity: 2 }],
      runningHours: "8760",
      nextDue: { runningHours: "18760" },
    },
  },
};

/** What an authority writes while the maintenance waits to be submitted. */
export const inspected: EventOption = {
  eventType: "INSPECTED",
  document: {
    recordedBy: CAST.regulator,
    data: { scope: "Market surveillance, terminal box", findings: [], result: "passed" },
  },
};

/** The manufacturer calls the motor back. */
export const recalled: EventOption = {
  eventType: "RECALLED",
  document: {
    recordedBy: CAST.manufacturer,
    data: { campaign: CAMPAIGN, reason: "The terminal box may let water in.", remedy: "Replace its seal." },
  },
};

/** The remedy is done. */
export const recallClosed: EventOption = {
  eventType: "RECALL_CLOSED",
  document: {
    recordedBy: CAST.manufacturer,
    data: {
      campaign: CAMPAIGN,
      remedyDone: "Seal of the terminal box replaced.",
      parts: [{ name: "Terminal box seal", quantity: 1 }],
    },
  },
};

/** The owner takes the motor out of use. */
export const decommissioned: EventOption = {
  eventType: "DECOMMISSIONED",
  document: {
    recordedBy: CAST.buyer,
    data: { reason: "The pumping station is closed.", state: "Complete; bearings worn.", runningHours: "131400" },
  },
};

/** The recycler gets its materials back. */
export const recycled: EventOption = {
  eventType: "RECYCLED",
  document: {
    recordedBy: CAST.recycler,
    data: {
      method: "Dismantling and separation by material",
      facility: { name: "Sample Recycling, yard 3", locality: "Duisburg", country: "DE" },
      recoveredMaterials: [
        { name: "Electrical steel", massKilograms: "310", use: "recycled" },
        { name: "Copper", massKilograms: "84.5", use: "recycled" },
        { name: "Grey cast iron", massKilograms: "248", use: "recycled" },
        { name: "Insulation", massKilograms: "6.5", use: "energy-recovered" },
      ],
    },
  },
};
