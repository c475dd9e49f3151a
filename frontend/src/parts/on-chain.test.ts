import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "../text/text";
import { onChainInWords } from "./on-chain";

const FINAL = { batch: 7, valid: true, recorded: true, stands: true, free: true, proved: true };
const said = (change: Partial<typeof FINAL>): string => onChainInWords({ ...FINAL, ...change }, translator("en"));

test("a batch that is final is named", () => {
  assert.equal(said({}), "batch 7 on the chain");
});

test("a batch too young to be final is no fault of the certificate", () => {
  const young = { valid: false, stands: false };
  assert.equal(said(young), "batch 7 on the chain, not final yet");
  assert.equal(said({ ...young, free: false, proved: false }), "batch 7 on the chain, not final yet");
});

test("what the chain does not bear out is said, however old its batch", () => {
  for (const stands of [false, true]) {
    assert.equal(said({ valid: false, stands, recorded: false }), "not as the chain has it");
    assert.equal(said({ valid: false, stands, proved: false }), "not as the chain has it");
  }
});
