// What people do here. The server checks again who may do it.
import type { Certificate, Hass } from "./model";
import type { TextKey, Translate } from "./text/text";
import en from "./text/en.json";

export interface Verified {
  valid: boolean;
  certificate: Certificate;
  lineage: Certificate[];
}

export interface VerifiedOnChain {
  batch: number;
  valid: boolean;
  recorded: boolean;
  /** In a block that nobody takes back. */
  stands: boolean;
  free: boolean;
  /** The contract checked its leaf; only what is free has one. */
  proved: boolean;
}

/** Prices per kWh; null: the home may choose. */
export interface LimitsWish {
  buy_max: number | null;
  sell_min: number | null;
  keep_kwh: number;
}

export class Actions {
  constructor(
    private readonly hass: Hass,
    private readonly entryId: string,
  ) {}

  give(to: string, energyWh: number): Promise<{ id: string }> {
    return this.ask("gift/give", { to, energy_wh: energyWh });
  }

  withdraw(gift: string): Promise<unknown> {
    return this.ask("gift/withdraw", { gift });
  }

  arm(devices: string[], armed: boolean): Promise<unknown> {
    return this.ask("control/arm", { devices, armed });
  }

  setByHand(device: string, value: number, minutes: number): Promise<unknown> {
    return this.ask("control/set", { device, value, minutes });
  }

  resume(device: string): Promise<unknown> {
    return this.ask("control/resume", { device });
  }

  showPower(shown: boolean): Promise<unknown> {
    return this.ask("privacy/show_power", { shown });
  }

  verify(certificate: Certificate): Promise<Verified> {
    return this.ask("certificate/verify", { certificate: certificate.id, start: certificate.start });
  }

  verifyOnChain(certificate: Certificate): Promise<VerifiedOnChain> {
    return this.ask("certificate/chain", { certificate: certificate.id });
  }

  vote(proposal: string, approve: boolean): Promise<unknown> {
    return this.call("vote", { proposal, approve });
  }

  setLimits(limits: LimitsWish): Promise<unknown> {
    return this.call("set_limits", { ...limits });
  }

  askForHelp(energyWh: number): Promise<unknown> {
    return this.call("request_energy", { energy_kwh: energyWh / 1000 });
  }

  endRequest(request: number): Promise<unknown> {
    return this.call("end_request", { request });
  }

  thank(to: string, agreement: string): Promise<unknown> {
    return this.call("thank", { to, agreement });
  }

  showScore(shown: boolean): Promise<unknown> {
    return this.call("show_score", { shown });
  }

  /** Whether Home Assistant knows an action of ours. */
  knows(action: string): boolean {
    return this.hass.services?.commonwatt?.[action] !== undefined;
  }

  call(action: string, data: Record<string, unknown>): Promise<unknown> {
    return this.hass.callService("commonwatt", action, { config_entry_id: this.entryId, ...data });
  }

  private ask<T>(command: string, data: Record<string, unknown>): Promise<T> {
    return this.hass.callWS<T>({ type: `commonwatt/${command}`, entry_id: this.entryId, ...data });
  }
}

/** Why something was refused, in words. */
export function refusal(t: Translate, error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (message === "Unauthorized") return t("error_unauthorized");
  const key = `error_${String(code)}`;
  if (key in en) return t(key as TextKey);
  const isSaid = typeof message === "string" && code === "home_assistant_error";
  return isSaid ? message : t("error_unknown");
}
