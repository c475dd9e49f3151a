// Certificates as a file, to show to somebody else.
import type { Context } from "../context";

/** Save the certificates as a file, without asking any server. */
export function exportCertificates(c: Context): void {
  const content = JSON.stringify({ community: c.s.proof.certificates[0]?.community, certificates: c.s.proof.certificates }, null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `commonwatt-certificates-${new Date(c.s.now.at).toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
