import assert from "node:assert/strict";
import { test } from "node:test";
import { Format, plain } from "./format";

const EN = new Format("en", "EUR", "Europe/Paris", false);
const FR = new Format("fr", "EUR", "Europe/Paris", false);

test("watts below a kilowatt, kilowatts above, never a sign", () => {
  assert.deepEqual([52.4, -999, 1000, -4700, 123_456].map((watts) => plain(EN.power(watts))), [
    "52\u00a0W",
    "999\u00a0W",
    "1.0\u00a0kW",
    "4.7\u00a0kW",
    "123\u00a0kW",
  ]);
});

test("prices in hundredths where the currency has them", () => {
  assert.equal(plain(EN.price(185_000)), "18.5\u00a0ct/kWh");
  assert.equal(plain(FR.price(185_000)), "18,5\u00a0ct/kWh");
  assert.equal(plain(new Format("en", "JPY", "Asia/Tokyo").price(31_200_000)), "31.200\u00a0JPY/kWh");
});

test("what is unknown is a dash", () => {
  assert.deepEqual(
    [plain(EN.power(null)), plain(EN.energy(undefined)), plain(EN.price(null)), EN.money(null), EN.percent(null)],
    ["–", "–", "–", "–", "–"],
  );
});

test("money has no negative nothing", () => {
  assert.deepEqual([-1_000_000, 0, -20_000_000, 420_000_000].map((nano) => EN.money(nano)), ["€0.00", "€0.00", "-€0.02", "€0.42"]);
});

test("a little is not nothing", () => {
  assert.deepEqual([0, 1000, 5000, 999_999].map((ppm) => EN.percent(ppm)), ["0%", "< 1%", "1%", "100%"]);
});

test("times are those of the home, with the day where it is another", () => {
  const noon = Date.UTC(2026, 0, 5, 11, 0);
  assert.equal(EN.moment(noon, noon + 3_600_000), "12:00");
  assert.equal(EN.moment(noon, noon + 86_400_000), "Mon 12:00");
  assert.equal(EN.hour(noon), 12);
  assert.equal(new Format("en", "EUR", "Europe/Paris", true).time(noon).replace(/\s/, " "), "12:00 PM");
});
