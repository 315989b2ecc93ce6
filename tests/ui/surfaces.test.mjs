import assert from "node:assert/strict"
import { test } from "node:test"
import { movable, orderOptions, targetWords } from "../../ui/desk/surfaces.js"

const ORDERS = [
  { word: "go", takes: [""], example: "go" },
  { word: "scene", takes: [], example: "scene 3" },
  { word: "bank", takes: [], example: "bank +1" },
  { word: "knobs", takes: ["pan", "eq"], example: "knobs eq" },
]

test("orders are offered as people choose them, those with a number of their own end in a space", () => {
  assert.deepEqual(orderOptions(ORDERS), [
    ["go", "GO: next scene"],
    ["scene ", "Recall scene…"],
    ["bank +1", "Bank ▸"],
    ["bank -1", "Bank ◂"],
    ["knobs pan", "Knobs are pan"],
    ["knobs eq", "Knobs are eq"],
  ])
})

test("what a control moves is said in words", () => {
  const nameOf = (path) => `<${path}>`
  const words = (control) => targetWords({ path: "", strip: 0, what: "", do: "", ...control }, nameOf)
  assert.equal(words({ path: "band/ch1/mute" }), "<band/ch1/mute>")
  assert.equal(words({ strip: 2, what: "fader" }), "Fader of place 2")
  assert.equal(words({ strip: 1, what: "main" }), "Main fader")
  assert.equal(words({ do: "scene 3" }), "Recall scene 3")
  assert.equal(words({ do: "tap", path: "foh/fx1/time" }), "Tap tempo of <foh/fx1/time>")
})

test("a control can move levels, keys and choices, no readings and no names, the fader first", () => {
  const params = { "a/ch1/eq/1/type": { kind: "choice" }, "a/ch1/name": { kind: "text" }, "a/ch1/fader": { kind: "position" }, "a/ch1/clip": { kind: "toggle", read_only: true }, "a/ch1/mute": { kind: "toggle" } }
  const strip = { path: "a/ch1", params: Object.fromEntries(Object.keys(params).map((path) => [path.slice(6), 0])) }
  assert.deepEqual(movable(strip, (path) => params[path]), ["fader", "mute", "eq/1/type"])
})
