// Icons as paths: they need neither a font nor the network.
import {
  mdiAccountGroup,
  mdiAlertCircleOutline,
  mdiArrowDownBold,
  mdiArrowUpBold,
  mdiBarn,
  mdiBatteryHigh,
  mdiCarElectric,
  mdiCertificate,
  mdiChartTimelineVariant,
  mdiCheckDecagram,
  mdiCloudOffOutline,
  mdiCoffee,
  mdiCog,
  mdiDotsHorizontal,
  mdiDownload,
  mdiFlash,
  mdiGift,
  mdiHammerWrench,
  mdiHandHeart,
  mdiHeatPump,
  mdiHome,
  mdiHomeAccount,
  mdiHomeBattery,
  mdiHomeCity,
  mdiHomeGroup,
  mdiHomeHeart,
  mdiHydrogenStation,
  mdiLeaf,
  mdiMinus,
  mdiPause,
  mdiPlay,
  mdiSchool,
  mdiScaleBalance,
  mdiShieldCheck,
  mdiSolarPower,
  mdiStar,
  mdiTransmissionTower,
  mdiVote,
  mdiWashingMachine,
  mdiWeatherNight,
  mdiWindTurbine,
} from "@mdi/js";
import { svg, type SVGTemplateResult, html, type TemplateResult } from "lit";

export const ICONS = {
  action_battery: mdiBatteryHigh,
  action_car: mdiCarElectric,
  action_heat: mdiHeatPump,
  action_hydrogen: mdiHydrogenStation,
  action_appliance: mdiWashingMachine,
  alert: mdiAlertCircleOutline,
  battery: mdiBatteryHigh,
  car: mdiCarElectric,
  certificate: mdiCertificate,
  check: mdiCheckDecagram,
  download: mdiDownload,
  flash: mdiFlash,
  gift: mdiGift,
  give: mdiArrowUpBold,
  grid: mdiTransmissionTower,
  help: mdiHandHeart,
  leaf: mdiLeaf,
  market: mdiScaleBalance,
  none: mdiMinus,
  now: mdiHomeGroup,
  offline: mdiCloudOffOutline,
  pause: mdiPause,
  plan: mdiChartTimelineVariant,
  play: mdiPlay,
  proof: mdiShieldCheck,
  rest: mdiDotsHorizontal,
  settings: mdiCog,
  solar: mdiSolarPower,
  star: mdiStar,
  take: mdiArrowDownBold,
  together: mdiAccountGroup,
  uses: mdiHomeHeart,
  vote: mdiVote,
  // What stands for a neighbour of some kind.
  home: mdiHome,
  cafe: mdiCoffee,
  family: mdiHomeAccount,
  farm: mdiBarn,
  flat: mdiHomeCity,
  heat_pump: mdiHeatPump,
  night_shift: mdiWeatherNight,
  retired: mdiHomeHeart,
  school: mdiSchool,
  solar_battery: mdiHomeBattery,
  turbine: mdiWindTurbine,
  workshop: mdiHammerWrench,
} as const;

export type IconName = keyof typeof ICONS;

export function icon(name: IconName, size = 24): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width=${size} height=${size} aria-hidden="true">
    <path d=${ICONS[name]} fill="currentColor"></path>
  </svg>`;
}

/** The same inside a drawing, centred on a point. */
export function iconAt(path: string, x: number, y: number, size: number): SVGTemplateResult {
  const scale = size / 24;
  return svg`<path d=${path} transform="translate(${x - size / 2} ${y - size / 2}) scale(${scale})"></path>`;
}

export function kindIcon(kind: string): string {
  const known = kind.replace(/_\d+$/, "");
  return (ICONS as Record<string, string>)[known] ?? ICONS.home;
}
