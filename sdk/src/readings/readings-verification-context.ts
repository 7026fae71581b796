import type { ReadingContext } from "../passport/context.js";
import type { VerificationContext } from "../verify/verify-passport.js";

/** What a verification of sensor readings works on. */
export type ReadingsVerificationContext = VerificationContext & Pick<ReadingContext, "readingsAnchor">;
