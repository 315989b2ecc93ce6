import assert from "node:assert/strict"
import { test } from "node:test"
import { search } from "../../ui/desk/search.js"

const strip = (name, path, more = {}) => ({ kind: "strip", name, more: path, path, has: () => true, ...more })
const PLACES = [
  strip("Kick", "band/ch1"),
  strip("Snare", "band/ch2"),
  strip("Kick in", "band/ch3"),
  strip("Main", "band/main", { main: true }),
  { kind: "group", name: "Drums", members: ["band/ch1", "band/ch2"] },
  { kind: "mix", name: "Singer", path: "band/bus1", own: ["band/ch8"] },
  { kind: "mix", name: "Reverb", path: "band/bus2", own: [] },
  { kind: "scene", name: "Ballad", more: "scene 2 · slow", scene: 7 },
  { kind: "person", name: "Ann Keys", id: "a" },
  { kind: "panel", name: "Settings", more: "theme, text, meters", panel: "settings" },
]
const found = (text) => search(text, PLACES).map(({ kind, name, deed, tab }) => [kind, name, ...(deed ?? []), tab].filter((one) => one !== undefined).join(" "))

test("a name finds strips, mixes, scenes, people and settings by the beginnings of their words", () => {
  assert.deepEqual(found("kick"), ["strip Kick", "strip Kick in"])
  assert.deepEqual(found("sing"), ["mix Singer"])
  assert.deepEqual(found("ball"), ["scene Ballad"])
  assert.deepEqual(found("scene 2"), ["scene Ballad"])
  assert.deepEqual(found("keys"), ["person Ann Keys"])
  assert.deepEqual(found("theme"), ["panel Settings"])
  assert.deepEqual(found("in kick"), ["strip Kick in"])
  assert.deepEqual(found("tuba"), [])
  assert.deepEqual(found("  "), [])
})

test("what is to be done stands first: mute drums, kick eq", () => {
  assert.equal(found("mute drums")[0], "group Drums mute true")
  assert.equal(found("kick eq")[0], "strip Kick eq")
  assert.equal(found("solo snare")[0], "strip Snare solo true")
  assert.equal(found("unmute kick")[0], "strip Kick mute false")
})

test("more of themselves is for whoever's mix is named, and where their channel is not known the mix is found", () => {
  assert.deepEqual(found("singer more me"), ["mix Singer more me"])
  assert.deepEqual(found("more me sing"), ["mix Singer more me"])
  assert.deepEqual(found("reverb more me"), ["mix Reverb"])
  assert.deepEqual(found("more me"), [])
})

test("main is never opened by a search", () => {
  assert.deepEqual(found("unmute main"), [])
  assert.equal(found("mute main")[0], "strip Main mute true")
})
