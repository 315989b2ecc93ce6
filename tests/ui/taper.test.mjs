import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { Taper } from "../../ui/desk/taper.js"

const TABLE = JSON.parse(readFileSync(new URL("../data/tapers.json", import.meta.url)))
const FADER = new Taper(TABLE.find(({ name }) => name === "fader").taper)
const PAN = new Taper(TABLE.find(({ name }) => name === "pan").taper)

for (const { name, taper, pairs } of TABLE) {
  for (const [position, value] of pairs) {
    const unit = value === null ? -Infinity : value
    test(`the ${name} law stands at ${unit} for position ${position}, both ways`, () => {
      const law = new Taper(taper)
      const read = law.unit(position)
      assert.ok(read === unit || Math.abs(read - unit) < 1e-9, `${read} is not ${unit}`)
      assert.ok(Math.abs(law.position(unit) - position) < 1e-9)
    })
  }
}

test("a level is read with one decimal, its sign, and −∞ at the bottom", () => {
  assert.deepEqual([0, 0.5, 0.675, 0.75, 0.84, 0.7501].map((p) => FADER.text(p)), ["−∞", "−10.0", "−3.0", "0.0", "+3.6", "0.0"])
  assert.equal(FADER.spoken(0.675), "−3.0 dB")
})

for (const [typed, unit] of [["-10", -10], ["−10", -10], ["+3.5", 3.5], ["3,5", 3.5], [" 0 dB ", 0], ["99", 10], [".5", 0.5]]) {
  test(`a person types "${typed}" and means ${unit} dB`, () => assert.ok(Math.abs(FADER.unit(FADER.parse(typed)) - unit) < 1e-9))
}

for (const typed of ["−∞", "-∞", "∞", "off", "OFF", "-inf", "-100"]) {
  test(`a person types "${typed}" and means silence`, () => assert.equal(FADER.parse(typed), 0))
}

test("what is no level is no level", () => {
  for (const typed of ["", "loud", "1e3", "--3", "3..5", "NaN"]) assert.equal(FADER.parse(typed), null)
})

test("a pan is read and typed by its side", () => {
  assert.deepEqual([0, 0.375, 0.5, 1].map((p) => PAN.text(p)), ["L100", "L25", "C", "R100"])
  assert.deepEqual(["L25", "c", "r 70", "-100"].map((typed) => PAN.parse(typed)), [0.375, 0.5, 0.85, 0])
})

test("steps land on tenths, and below the law's end lies silence", () => {
  assert.equal(FADER.text(FADER.step(0.7508, 0.5)), "+0.5")
  assert.equal(FADER.step(FADER.position(-89.9), -0.5), 0)
  assert.equal(FADER.text(FADER.step(0, 5)), "−85.0")
  assert.equal(FADER.step(1, 3), 1)
})

test("the ticks are those of the house, with signs, and 0 is marked", () => {
  assert.deepEqual(FADER.ticks().map(({ text }) => text), ["+10", "+5", "0", "−5", "−10", "−20", "−30", "−40", "−50", "−60", "−∞"])
  assert.deepEqual(FADER.ticks().filter(({ zero }) => zero).map(({ position }) => position), [0.75])
  assert.equal(new Taper({ unit: "dB", points: [[0, -60], [1, 6]], off_at_zero: true }).ticks()[0].text, "+5")
})

test("a double-tap rests at 0 dB or the centre, never in silence", () => {
  assert.equal(FADER.rest, 0.75)
  assert.equal(PAN.rest, 0.5)
})
