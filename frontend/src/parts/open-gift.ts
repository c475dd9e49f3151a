// The dialog to give energy comes behind the first screen: whoever is quicker waits for it.
import type { CommonWattGift } from "./gift";

/** Open the dialog, for a home or to choose one. */
export async function openGift(dialog: CommonWattGift | undefined, home?: string): Promise<void> {
  await customElements.whenDefined("commonwatt-gift");
  await dialog?.open(home);
}
