import assert from "node:assert/strict"
import { test } from "node:test"
import { isFor, parsePlace, printPlace, waysOut } from "../../ui/desk/place.js"

const NOWHERE = { mix: null, layer: null, spill: null, panel: null, tab: null }
const PLACES = {
  "#/": {},
  "#/mix/band/bus1": { mix: "band/bus1" },
  "#/spill/foh/dca1": { spill: "foh/dca1" },
  "#/spill/foh/mutegroup/2/strip/foh/ch1": { spill: "foh/mutegroup/2", panel: { name: "strip", path: "foh/ch1" } },
  "#/layer/band%3AVocals%20%2F%20choir": { layer: "band:Vocals / choir" },
  "#/strip/foh/ch1": { panel: { name: "strip", path: "foh/ch1" } },
  "#/strip/foh/ch1/eq": { panel: { name: "strip", path: "foh/ch1" }, tab: "eq" },
  "#/mix/band/bus1/strip/band/ch2/sends": { mix: "band/bus1", panel: { name: "strip", path: "band/ch2" }, tab: "sends" },
  "#/mix/band/bus1/panel/people": { mix: "band/bus1", panel: { name: "people" } },
  "#/panel/console/foh": { panel: { name: "console", console: "foh" } },
}

test("each place has an address of its own, and the address leads there", () => {
  for (const [address, place] of Object.entries(PLACES)) {
    assert.equal(printPlace({ ...NOWHERE, ...place }), address)
    assert.deepEqual(parsePlace(address), { ...NOWHERE, ...place })
  }
})

test("where a panel was opened from is not part of its address", () => {
  assert.equal(printPlace({ ...NOWHERE, panel: { name: "console", console: "foh", from: { name: "more" } } }), "#/panel/console/foh")
})

test("an address that nobody can read is nowhere, and does no harm", () => {
  for (const address of ["", "#join=secret&to=Mix%202", "#elsewhere"]) assert.equal(parsePlace(address), null)
  for (const address of ["#/mix/band", "#/%E0%A4%A", "#/strip", "#/panel", "#/panel/console", "#/panel/toString", "#/panel/nonsense", "#/toString/x", "#/layer"]) {
    assert.deepEqual(parsePlace(address), NOWHERE, address)
  }
})

test("Back leads out of the panel, then out of the mix", () => {
  const ways = waysOut(parsePlace("#/mix/band/bus1/strip/band/ch2/eq"))
  assert.deepEqual(ways.map(printPlace), ["#/", "#/mix/band/bus1", "#/mix/band/bus1/strip/band/ch2/eq"])
  assert.deepEqual(waysOut(parsePlace("#/layer/own1")).map(printPlace), ["#/layer/own1"])
})

test("Back leads out of a panel into the one that it was opened from", () => {
  const people = { name: "people", from: { name: "more" } }
  const ways = waysOut({ ...NOWHERE, panel: { name: "person", id: "p1", from: people } })
  assert.deepEqual(ways.map(printPlace), ["#/", "#/panel/more", "#/panel/people", "#/panel/person/p1"])
})

test("an address opens no panel that is not for this person", () => {
  assert.ok(!isFor("strip", { page: "mine", role: "musician" }))
  assert.ok(isFor("messages", { page: "mine", role: "musician" }))
  assert.ok(!isFor("join", { page: "mixer", role: "guest" }) && isFor("strip", { page: "mixer", role: "guest" }))
  assert.ok(!isFor("doctor", { page: "mixer", role: "engineer" }) && isFor("doctor", { page: "mixer", role: "host" }))
})
