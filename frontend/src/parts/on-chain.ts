// What a chain has of a certificate, in words.
import type { VerifiedOnChain } from "../actions";
import type { Translate } from "../text/text";

/** Some minutes pass until a block is final: that its batch is young speaks against none. */
export function onChainInWords(found: VerifiedOnChain, t: Translate): string {
  if (found.valid) return t("verified_batch", { batch: found.batch });
  const isAsItHasToBe = found.recorded && (found.proved || !found.free);
  return t(isAsItHasToBe && !found.stands ? "verified_not_final" : "verified_chain_not", { batch: found.batch });
}
