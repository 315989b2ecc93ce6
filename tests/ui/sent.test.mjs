import assert from "node:assert/strict"
import { test } from "node:test"
import { Taper } from "../../ui/desk/taper.js"
import { sentOver } from "../../ui/desk/sent.js"

const DB = { taper: new Taper({ unit: "dB", points: [[0, -90], [1, 10]], off_at_zero: true }) }
const ROADS = { level: "send/bus1/level", mute: "send/bus1/mute", tap: "send/bus1/tap" }
const at = (db) => DB.taper.position(db)

/** Over a strip whose channel stands at -10 dB and whose send stands at -20 dB. */
function over(values, param = DB) {
  const stands = { fader: at(-10), "send/bus1/level": at(-20), "send/bus1/tap": "post_fader", ...values }
  const store = { get: (path) => stands[path.slice("band/ch1/".length)] }
  const found = sentOver({ store, consoles: { param: () => param } }, { path: "band/ch1" }, ROADS)
  return found === null ? null : Math.round(found)
}

test("after the fader, the send's own level is added", () => {
  assert.equal(over({}), -20)
})

test("before the fader, the fader that the reading has passed is taken out again", () => {
  assert.equal(over({ "send/bus1/tap": "pre_fader" }), -10)
})

test("a muted or closed send sends nothing, nor does a muted channel after its fader", () => {
  for (const values of [{ "send/bus1/mute": true }, { "send/bus1/level": 0 }, { mute: true }]) assert.equal(over(values), -Infinity)
})

test("what cannot be known is not shown", () => {
  for (const values of [{ mute: true }, { fader: 0 }, { fader: null }]) assert.equal(over({ ...values, "send/bus1/tap": "pre_fader" }), null)
  for (const tap of ["input", "pre_eq", null, undefined]) assert.equal(over({ "send/bus1/tap": tap }), null)
  assert.equal(over({ "send/bus1/level": null }), null)
  assert.equal(over({}, { taper: new Taper({ unit: "", points: [[0, 0], [1, 127]] }) }), null)
})
