import assert from "node:assert/strict"
import { test } from "node:test"
import { fileName, read, written } from "../../ui/desk/showfile.js"

const SCENE = { id: 3, kind: "scene", name: "Ballad", number: 2, color: "violet", note: "slow", fade: 3, scope: { consoles: null, strips: null, sections: ["levels"] }, by: "Bob", values: { "band/ch2/mute": true, "band/ch1/fader": 0.75, "band/ch1/name": "Bähm 鼓" } }

test("a file has each value with its text beside, in a stable order, and is read as it was written", () => {
  const text = written([SCENE], (path, value) => `text of ${value}`)
  assert.deepEqual(Object.keys(JSON.parse(text).scenes[0].values), ["band/ch1/fader", "band/ch1/name", "band/ch2/mute"])
  assert.ok(text.includes('"text": "text of 0.75"') && !text.includes('"by"'))
  const { id, kind, by, ...kept } = SCENE
  assert.deepEqual(read(text), { scenes: [kept] })
})

test("a value whose console is gone has its text by the law that its scene kept", () => {
  const laws = [
    { unit: "dB", points: [[0, -90], [1, 10]], off_at_zero: true, of: ["old/ch*/fader"] },
    { unit: "Hz", points: [[0, 20], [1, 20000]], off_at_zero: false, of: ["old/ch12/fader"] },
  ]
  const text = written([{ ...SCENE, laws, values: { "old/ch3/fader": 1, "old/ch12/fader": 1, "old/ch3/name": "Kick" } }], (path, value, law) => law?.text(value) ?? value)
  const { values } = JSON.parse(text).scenes[0]
  assert.deepEqual(Object.values(values).map((shown) => shown.text), ["20.0 kHz", "+10.0", "Kick"])
  assert.deepEqual(read(text).scenes[0].laws, laws)
})

test("values that a person wrote without a text are values too", () => {
  const text = JSON.stringify({ "remote-mixer-show": 1, scenes: [{ name: "By hand", values: { "band/ch1/fader": 0.5, "band/ch1/mute": null } }] })
  assert.deepEqual(read(text).scenes[0].values, { "band/ch1/fader": 0.5, "band/ch1/mute": null })
})

test("a damaged or foreign file is refused with the reason", () => {
  const show = (scenes) => JSON.stringify({ "remote-mixer-show": 1, scenes })
  const cases = [
    ["", /no show file/],
    ["[1]", /no show file/],
    ['{"scenes": []}', /no show file/],
    ['{"remote-mixer-show": 2, "scenes": []}', /newer Remote Mixer.*version 2/],
    ...[0, -1, true, null, "1"].map((version) => [JSON.stringify({ "remote-mixer-show": version, scenes: [] }), /no show file/]),
    [show([{ values: { "band/ch1/fader": { text: "-3 dB" } } }]), /band\/ch1\/fader has no value/],
    [show([{ values: {} }, { name: "x" }]), /Scene 2 of the file is damaged \(it has no values\)/],
    [show([{ values: { "band/ch1/fader": { value: [1] } } }]), /band\/ch1\/fader has no value/],
    [show([null]), /Scene 1/],
    [show(Array.from({ length: 1001 }, () => ({ values: {} }))), /more than 1000/],
  ]
  for (const [text, words] of cases) assert.match(read(text).fault, words)
  assert.match(read("", 100_000_001).fault, /larger than 100 MB/)
})

test("a file is called by the title, whatever stands in it", () => {
  assert.deepEqual(["12 Ballad", "../a:b/鼓", "?"].map(fileName), ["12 Ballad.json", "a b 鼓.json", "show.json"])
})
