import type * as z from "zod";
import { commissionedSchema } from "./commissioned.js";
import { componentInstalledSchema } from "./component-installed.js";
import { componentRemovedSchema } from "./component-removed.js";
import { correctedSchema } from "./corrected.js";
import { decommissionedSchema } from "./decommissioned.js";
import type { DocumentSchemas } from "./envelope.js";
import { gatewayPairedSchema } from "./gateway-paired.js";
import { gatewayUnpairedSchema } from "./gateway-unpaired.js";
import { inspectedSchema } from "./inspected.js";
import { lockedSchema } from "./locked.js";
import { maintainedSchema } from "./maintained.js";
import { manufacturedSchema } from "./manufactured.js";
import { ownershipTransferredSchema } from "./ownership-transferred.js";
import { partReplacedSchema } from "./part-replaced.js";
import { qualityTestedSchema } from "./quality-tested.js";
import { readingsSchema } from "./readings.js";
import { recallClosedSchema } from "./recall-closed.js";
import { recalledSchema } from "./recalled.js";
import { receivedSchema } from "./received.js";
import { recoveredSchema } from "./recovered.js";
import { recycledSchema } from "./recycled.js";
import { repairedSchema } from "./repaired.js";
import { revokedSchema } from "./revoked.js";
import { shippedSchema } from "./shipped.js";
import { stolenSchema } from "./stolen.js";
import { supersededSchema } from "./superseded.js";

/**
 * The schema of every event type's documents, by the event type's name. A RELEASED entry has none of its own: it names
 * the document of its LOCKED entry.
 */
export const documentSchemas = {
  MANUFACTURED: manufacturedSchema,
  QUALITY_TESTED: qualityTestedSchema,
  COMPONENT_INSTALLED: componentInstalledSchema,
  COMPONENT_REMOVED: componentRemovedSchema,
  SHIPPED: shippedSchema,
  RECEIVED: receivedSchema,
  COMMISSIONED: commissionedSchema,
  MAINTAINED: maintainedSchema,
  REPAIRED: repairedSchema,
  PART_REPLACED: partReplacedSchema,
  INSPECTED: inspectedSchema,
  GATEWAY_PAIRED: gatewayPairedSchema,
  GATEWAY_UNPAIRED: gatewayUnpairedSchema,
  READINGS: readingsSchema,
  RECALLED: recalledSchema,
  RECALL_CLOSED: recallClosedSchema,
  STOLEN: stolenSchema,
  RECOVERED: recoveredSchema,
  OWNERSHIP_TRANSFERRED: ownershipTransferredSchema,
  LOCKED: lockedSchema,
  DECOMMISSIONED: decommissionedSchema,
  RECYCLED: recycledSchema,
  SUPERSEDED: supersededSchema,
  CORRECTED: correctedSchema,
  REVOKED: revokedSchema,
} as const satisfies DocumentSchemas;

/** The name of an event type whose documents have a schema here. */
export type DocumentType = keyof typeof documentSchemas;

/** A document of one event type, or of any. */
export type PassportDocument<Type extends DocumentType = DocumentType> = z.infer<(typeof documentSchemas)[Type]>;
