import { readFileSync } from "node:fs";
import { expect } from "chai";
import type * as z from "zod";
import { createDocument } from "../create-document.js";
import { documentJsonSchemas } from "../document-json-schemas.js";
import { countrySchema } from "./country.js";
import { type DocumentType, documentSchemas } from "./document-schemas.js";

const PRODUCT = "https://id.weg.example/01/09521234543213/21/W22-000001";
const OTHER_PRODUCT = "https://id.bearings.example/01/09521234500018/21/6316";
const ADDRESS = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";
const TIME = "2026-11-22T13:08:00Z";
const ENVELOPE = { productId: PRODUCT, attester: ADDRESS, issuedAt: TIME } as const;

const plant = { name: "WEG Jaraguá do Sul", gln: "9521234000006", locality: "Jaraguá do Sul", country: "BR" } as const;
const organisation = { name: "Sample Service GmbH", gln: "9521234000013", country: "DE" } as const;
const component = { productId: OTHER_PRODUCT, passport: ADDRESS } as const;
const measurement = { quantity: "vibration-velocity", position: "drive end", value: "1.2", unit: "mm/s" };
const part = { name: "Bearing 6316 C3", partNumber: "6316-C3", quantity: 1, productId: OTHER_PRODUCT };
const sensor = { id: "t-de", quantity: "bearing-temperature", position: "drive end", unit: "Cel" } as const;
const nextDue = { date: "2027-05-22", runningHours: "18000" };
const range = { minimum: "-20", maximum: "40" };
const shipment = {
  origin: plant,
  destination: { name: "Port of Hamburg", gln: "9521234000020", country: "DE" },
  carrier: organisation,
  tracking: { number: "MSCU1234567", page: "https://carrier.example/track?number=MSCU1234567" },
  customsReference: "26BR0000001",
  conditions: { incoterm: "CIF", packaging: "wooden case", temperatureCelsius: range, relativeHumidityPercent: range },
} as const;
const pairing = {
  gateway: ADDRESS,
  gatewayKey: "0x0102",
  readingsAnchor: ADDRESS,
  batchSequence: 7,
  batchHead: `0x${"ab".repeat(27)}`,
  gatewaySignature: `0x${"cd".repeat(65)}`,
} as const;
const sale = { contractReference: "4500012345", price: { amount: "12500.00", currency: "EUR" } };

/** For every event type a document that says everything that can be said. */
const samples: { readonly [Type in DocumentType]: z.input<(typeof documentSchemas)[Type]>["data"] } = {
  MANUFACTURED: {
    product: {
      name: "W22 IE4 75 kW",
      model: "W22-280SM-4P-75",
      manufacturer: { name: "WEG", gln: "9521234000006", country: "BR" },
      country: "BR",
      manufacturedAt: "2026-10-01",
      productLine: "W22",
      batch: "2026-40",
      serialNumber: "W22-000001",
      commodityCode: "850152",
    },
    nameplate: {
      category: "electric-motor",
      motorType: "cage-induction",
      frameSize: "280S/M",
      phases: 3,
      poles: 4,
      ratedOutputKilowatts: "75",
      operatingPoints: [
        {
          connection: "delta",
          voltageVolts: "400",
          frequencyHertz: "50",
          currentAmperes: "130",
          speedRevolutionsPerMinute: "1485",
          powerFactor: "0.87",
        },
      ],
      duty: "S1",
      serviceFactor: "1.15",
      thermalClass: "F",
      temperatureRiseClass: "B",
      ipCode: "IP55",
      coolingCode: "IC411",
      mountingCode: "IM B3",
      ambientCelsius: range,
      maximumAltitudeMetres: 1_000,
      massKilograms: "610",
      efficiency: {
        class: "IE4",
        percentAtFullLoad: "96.0",
        percentAtThreeQuarterLoad: "96.1",
        percentAtHalfLoad: "95.6",
      },
      lossesPercent: {
        speed25Torque25: "0.9",
        speed25Torque100: "3.0",
        speed50Torque25: "1.1",
        speed50Torque50: "1.6",
        speed50Torque100: "3.3",
        speed90Torque50: "2.2",
        speed90Torque100: "4.0",
      },
      efficiencyExemption: "none",
      bearings: { driveEnd: "6316 C3", nonDriveEnd: "6316 C3" },
      grease: { type: "Polyrex EM", driveEndGrams: "34", nonDriveEndGrams: "34", intervalHours: 13_000 },
      soundPressureDecibels: "73",
      vibrationGrade: "A",
      startingCurrentRatio: "7.4",
      standards: ["IEC 60034-1"],
    },
    materials: [
      {
        name: "copper",
        casNumber: "7440-50-8",
        originCountry: "CL",
        massKilograms: "70",
        massSharePercent: "11.5",
        recycledSharePercent: "35",
        hazardous: false,
      },
      {
        name: "electrical steel",
        originCountry: "BR",
        massSharePercent: "88.5",
        recycledSharePercent: "20",
        hazardous: false,
      },
    ],
    plant,
    suppliers: [{ ...organisation, supplies: "bearings" }],
    qualityStandards: [
      { standard: "ISO 9001:2015", certificateNumber: "Q-1", issuedBy: "Sample Register", validUntil: "2028-12-31" },
    ],
    components: [{ ...component, position: "drive end" }],
    predecessor: { productId: OTHER_PRODUCT, passport: ADDRESS, head: `0x${"ef".repeat(32)}` },
  },
  QUALITY_TESTED: {
    test: "routine test",
    standard: "IEC 60034-1",
    result: "passed",
    laboratory: organisation,
    certificateNumber: "T-2026-0001",
    validUntil: "2036-10-02",
    measurements: [measurement],
    remarks: "No remarks.",
  },
  COMPONENT_INSTALLED: { component, position: "drive end", remarks: "Pressed on warm." },
  COMPONENT_REMOVED: { component, position: "drive end", reason: "Worn." },
  SHIPPED: shipment,
  RECEIVED: { ...shipment, state: "damaged", damage: "Case torn open." },
  COMMISSIONED: {
    site: { name: "Sample pumping station", country: "DE" },
    machine: component,
    operatingConditions: {
      load: "centrifugal pump",
      supply: "frequency-converter",
      ambientCelsius: range,
      altitudeMetres: 30,
      mounting: "IM B3",
    },
    firstMeasurements: [measurement],
    remarks: "Aligned by laser.",
  },
  MAINTAINED: {
    kind: "lubrication",
    description: "Both bearings regreased.",
    parts: [part],
    runningHours: "8760.5",
    measurements: [measurement],
    nextDue,
  },
  REPAIRED: {
    fault: "Noise at the drive end.",
    cause: "Bearing race pitted.",
    description: "Bearing replaced.",
    parts: [part],
    runningHours: "12000",
    measurements: [measurement],
    nextDue,
  },
  PART_REPLACED: { position: "drive end", removed: part, installed: part, reason: "Worn.", runningHours: "12000" },
  INSPECTED: {
    scope: "insulation",
    standard: "IEC 60034-27",
    findings: [{ severity: "note", description: "Dry and clean." }],
    result: "passed-with-findings",
    measurements: [measurement],
    nextDue,
  },
  GATEWAY_PAIRED: { ...pairing, sensors: [sensor] },
  GATEWAY_UNPAIRED: { ...pairing, reason: "Key rotated." },
  READINGS: {
    window: { from: "2026-11-01T00:00:00Z", until: "2026-11-08T00:00:00Z" },
    batches: { readingsAnchor: ADDRESS, gateway: ADDRESS, first: 8, last: 15 },
    series: [{ ...sensor, count: 10_080, minimum: "41.2", maximum: "68.9", mean: "55.03" }],
    runningHours: "8928.25",
    alarm: { severity: "warning", code: "T-HIGH", description: "Above the limit for 20 minutes." },
  },
  RECALLED: {
    campaign: "2026-07",
    reason: "Terminal box seal may leak.",
    remedy: "Replace the seal.",
    page: "https://weg.example/recalls/2026-07",
  },
  RECALL_CLOSED: { campaign: "2026-07", remedyDone: "Seal replaced.", parts: [part] },
  STOLEN: { reportReference: "ST/0012345/2026", authority: "Police of Hamburg", country: "DE" },
  RECOVERED: { reportReference: "ST/0012345/2026", remarks: "Found undamaged." },
  OWNERSHIP_TRANSFERRED: sale,
  LOCKED: { ...sale, purpose: "sale in escrow" },
  DECOMMISSIONED: { reason: "Winding failed.", state: "Complete, not running.", runningHours: "71000" },
  RECYCLED: {
    method: "dismantling and shredding",
    facility: plant,
    recoveredMaterials: [{ name: "copper", massKilograms: "66", use: "recycled" }],
    certificateNumber: "R-2041-7",
  },
  SUPERSEDED: { successor: { productId: OTHER_PRODUCT, passport: ADDRESS }, reason: "Rewound for another voltage." },
  CORRECTED: { sequence: 4, reason: "Hours mistyped.", correction: "The running hours were 8760." },
  REVOKED: { sequence: 4, reason: "Recorded for the wrong motor." },
};

const jsonSchemas = documentJsonSchemas();

/** Fields that a JSON Schema of an object says may be left out. */
function optionalFieldsOf(schema: z.core.JSONSchema.BaseSchema | undefined): string[] {
  return Object.keys(schema?.properties ?? {}).filter((name) => !schema?.required?.includes(name));
}

function dataSchemaOf(type: string): z.core.JSONSchema.BaseSchema | undefined {
  const data = jsonSchemas[type]?.properties?.["data"];
  return typeof data === "object" ? data : undefined;
}

for (const [type, data] of Object.entries(samples)) {
  const schema: z.ZodType = documentSchemas[type as DocumentType]; // Safety: the samples have the schemas' keys.
  const document = {
    ...ENVELOPE,
    schema: "digital-product-passport/1",
    eventType: type,
    salt: "00".repeat(16),
    data,
  };
  const accepts = (value: unknown): boolean => schema.safeParse(value).success;

  describe(`the schema of ${type}`, () => {
    it("accepts a document that says everything, and changes nothing in it", () => {
      expect(schema.parse(document)).to.deep.equal(document);
    });

    it("refuses a field it does not know, outside and inside the data", () => {
      expect(accepts({ ...document, note: "x" })).to.equal(false);
      expect(accepts({ ...document, data: { ...data, note: "x" } })).to.equal(false);
    });

    it("refuses a document without a field, unless its JSON Schema says that it may be left out", () => {
      const optional = optionalFieldsOf(dataSchemaOf(type));
      for (const name of Object.keys(data)) {
        const { [name as keyof typeof data]: _, ...rest } = data; // Safety: a key of data.
        expect(accepts({ ...document, data: rest }), name).to.equal(optional.includes(name));
      }
    });

    it("knows no fields that the sample does not show", () => {
      expect(Object.keys(dataSchemaOf(type)?.properties ?? {})).to.have.members(Object.keys(data));
    });
  });
}

describe("documentSchemas", () => {
  const manufactured = samples.MANUFACTURED;
  const manufacturedWith = (change: object): (() => unknown) => {
    const data = { ...manufactured, ...change };
    // Safety: wrong on purpose.
    return () => createDocument("MANUFACTURED", { ...ENVELOPE, data: data as typeof manufactured });
  };

  it("serve another brand's product without a nameplate", () => {
    const { nameplate: _, ...data } = manufactured;
    expect(createDocument("MANUFACTURED", { ...ENVELOPE, data }).document.data.nameplate).to.equal(undefined);
  });

  for (const [circumstance, change, problem] of [
    [
      "a number where a decimal string belongs",
      { nameplate: { ...manufactured.nameplate, ratedOutputKilowatts: 75 } },
      "ratedOutputKilowatts",
    ],
    [
      "a decimal comma",
      { nameplate: { ...manufactured.nameplate, massKilograms: "610,5" } },
      "data.nameplate.massKilograms",
    ],
    ["an odd number of poles", { nameplate: { ...manufactured.nameplate, poles: 3 } }, "data.nameplate.poles"],
    ["an unknown product category", { nameplate: { category: "toaster" } }, "data.nameplate"],
    [
      "a GLN with a wrong check digit",
      { plant: { ...plant, gln: "9521234000007" } },
      "data.plant.gln: the GLN has a wrong check digit",
    ],
    ["a country there is not", { plant: { ...plant, country: "UK" } }, "data.plant.country: expected a country code"],
    [
      "more than 100 per cent of materials",
      { materials: [...manufactured.materials, ...manufactured.materials] },
      "data.materials: the mass shares",
    ],
    [
      "a share of 101 per cent",
      { materials: [{ ...manufactured.materials[0], massSharePercent: "101" }] },
      "massSharePercent",
    ],
    ["a date there is not", { product: { ...manufactured.product, manufacturedAt: "2026-02-30" } }, "manufacturedAt"],
    [
      "a component whose identifier is not normalised",
      { components: [{ productId: `${OTHER_PRODUCT}/`, position: "x" }] },
      "components.0.productId",
    ],
    [
      "a predecessor with a mistyped address",
      { predecessor: { ...manufactured.predecessor, passport: ADDRESS.replace("f", "F") } },
      "EIP-55",
    ],
    ["blanks around a name", { product: { ...manufactured.product, name: " W22" } }, "data.product.name"],
    ["an empty name", { product: { ...manufactured.product, name: "" } }, "data.product.name"],
  ] as const) {
    it(`refuse ${circumstance}, and name the field`, () => {
      expect(manufacturedWith(change))
        .to.throw("The MANUFACTURED document does not fit its schema")
        .with.property("message")
        .that.includes(problem);
    });
  }

  const attachment = {
    name: "certificate.pdf",
    mediaType: "application/pdf",
    size: 11,
    sha256: "0xb94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
    cid: "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
  } as const;

  it("take an attachment whose CID and digest name the same file", () => {
    const { document } = createDocument("REVOKED", { ...ENVELOPE, data: samples.REVOKED, attachments: [attachment] });
    expect(document.attachments).to.deep.equal([attachment]);
  });

  for (const [circumstance, change, problem] of [
    ["a local time", { issuedAt: "2026-11-22T13:08:00+01:00" }, "issuedAt"],
    ["an attester with a mistyped address", { attester: ADDRESS.toLowerCase() }, "attester"],
    [
      "an attachment whose CID and digest name different files",
      { attachments: [{ ...attachment, sha256: `0x${"11".repeat(32)}` }] },
      "attachments.0: cid and sha256 name different files",
    ],
    [
      "an attachment with a CIDv0",
      { attachments: [{ ...attachment, cid: "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD" }] },
      "attachments.0.cid",
    ],
  ] as const) {
    it(`refuse ${circumstance}`, () => {
      const content = { ...ENVELOPE, data: samples.REVOKED, ...change };
      // Safety: wrong on purpose.
      expect(() => createDocument("REVOKED", content as typeof ENVELOPE & { data: typeof samples.REVOKED })).to.throw(
        problem,
      );
    });
  }

  for (const [circumstance, change, problem] of [
    ["a window that ends before it begins", { window: { from: TIME, until: "2026-11-01T00:00:00Z" } }, "data.window"],
    ["batches in the wrong order", { batches: { ...samples.READINGS.batches, first: 16 } }, "data.batches"],
    ["a mean above the maximum", { series: [{ ...samples.READINGS.series[0], mean: "68.91" }] }, "data.series.0"],
    ["a mean that is no number", { series: [{ ...samples.READINGS.series[0], mean: "hot" }] }, "data.series.0.mean"],
  ] as const) {
    it(`refuse readings with ${circumstance}`, () => {
      // Safety: wrong on purpose.
      const data = { ...samples.READINGS, ...change } as typeof samples.READINGS;
      expect(() => createDocument("READINGS", { ...ENVELOPE, data })).to.throw(problem);
    });
  }

  it("refuse a range whose minimum is above its maximum, compared as numbers", () => {
    const ranged = (minimum: string, maximum: string) => () => {
      const conditions = { ...shipment.conditions, temperatureCelsius: { minimum, maximum } };
      return createDocument("SHIPPED", { ...ENVELOPE, data: { ...shipment, conditions } });
    };
    expect(ranged("-20.5", "-20.5")).not.to.throw();
    expect(ranged("9", "10")).not.to.throw();
    expect(ranged("10", "9")).to.throw("temperatureCelsius: the minimum is above the maximum");
    expect(ranged("-3", "-20")).to.throw("temperatureCelsius");
  });

  it("ask for the successor's product and its passport", () => {
    const data = { successor: { productId: OTHER_PRODUCT }, reason: "x" };
    // @ts-expect-error the passport is missing
    expect(() => createDocument("SUPERSEDED", { ...ENVELOPE, data })).to.throw("data.successor.passport");
  });

  it("have a JSON Schema each, with units and patterns", () => {
    expect(Object.keys(jsonSchemas)).to.have.members(Object.keys(samples));
    expect(jsonSchemas["MANUFACTURED"]).to.include({ title: "MANUFACTURED", additionalProperties: false });
    expect(jsonSchemas["MANUFACTURED"]?.required).to.include.members([
      "schema",
      "productId",
      "attester",
      "salt",
      "data",
    ]);
    expect(JSON.stringify(jsonSchemas["MANUFACTURED"]))
      .to.include("ratedOutputKilowatts")
      .and.include("^0x[0-9a-fA-F]{40}$");
  });
});

describe("countrySchema", () => {
  const vectors = new URL("../../../../test/vectors/gs1/linters.json", import.meta.url);
  const { iso3166alpha2 } = JSON.parse(readFileSync(vectors, "utf8"));

  it("accepts exactly the codes GS1's own linter accepts", () => {
    for (const code of iso3166alpha2.valid) expect(countrySchema.safeParse(code).success, code).to.equal(true);
    for (const code of iso3166alpha2.invalid) expect(countrySchema.safeParse(code).success, code).to.equal(false);
  });
});
