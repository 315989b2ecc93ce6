import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { Taper } from "../../ui/desk/taper.js"
import { fullText } from "../../ui/desk/units.js"

const TABLE = JSON.parse(readFileSync(new URL("../data/readings.json", import.meta.url)))

const log = (unit, low, high, steps = 100) => new Taper({ unit, points: Array.from({ length: steps + 1 }, (_, i) => [i / steps, low * (high / low) ** (i / steps)]) })
const HERTZ = log("Hz", 20, 20000, 200)
const HOLD = log("ms", 0.02, 2000)
const Q = log("", 0.3, 10, 71)
const THRESHOLD = new Taper({ unit: "dB", points: [[0, -60], [1, 0]] })
const MIX = new Taper({ unit: "%", points: [[0, 0], [1, 100]] })

test("frequencies, times and Q are read with three digits, in the unit that suits", () => {
  assert.deepEqual([20, 80, 124.7, 999.7, 1250, 12500, 20000].map((hz) => HERTZ.text(HERTZ.position(hz))), ["20.0 Hz", "80.0 Hz", "125 Hz", "1.00 kHz", "1.25 kHz", "12.5 kHz", "20.0 kHz"])
  assert.deepEqual([0.02, 12.5, 500, 2000].map((ms) => HOLD.text(HOLD.position(ms))), ["0.02 ms", "12.5 ms", "500 ms", "2.00 s"])
  assert.deepEqual([0.3, 2, 10].map((q) => Q.text(Q.position(q))), ["0.30", "2.00", "10.0"])
})

test("a read-out has no unit where all of its kind have the same; the spoken value has it once", () => {
  assert.deepEqual([MIX.text(0.5), MIX.spoken(0.5), THRESHOLD.text(0.5), THRESHOLD.spoken(0.5)], ["50 %", "50 %", "−30.0", "−30.0 dB"])
  assert.deepEqual([HERTZ.spoken(0), HOLD.spoken(1), Q.spoken(1)], ["20.0 Hz", "2.00 s", "10.0"])
})

for (const [law, typed, unit] of [[HERTZ, "1.25k", 1250], [HERTZ, "1,25 kHz", 1250], [HERTZ, "80", 80], [HERTZ, "80 Hz", 80], [HOLD, "0.5 s", 500], [HOLD, "12 ms", 12], [MIX, "40 %", 40], [Q, "2.5", 2.5], [THRESHOLD, "-18dB", -18]]) {
  test(`a person types "${typed}" and means ${unit}`, () => assert.ok(Math.abs(law.unit(law.parse(typed)) - unit) < unit * 1e-3 || law.unit(law.parse(typed)) === unit))
}

test("another unit than the control's is no value", () => {
  assert.deepEqual([HERTZ.parse("3 dB"), HOLD.parse("1 kHz"), Q.parse("2 Hz"), MIX.parse("3 ms")], [null, null, null, null])
})

test("keys move laws that are not even to the ear by hundredths of the travel", () => {
  assert.ok(Math.abs(HERTZ.step(0.5, 1) - 0.51) < 1e-9)
  assert.equal(HERTZ.step(0.99, 10), 1)
  assert.ok(Math.abs(THRESHOLD.unit(THRESHOLD.step(0.5, 1)) + 29) < 1e-9)
})

test("a threshold whose law ends at 0 dB has no rest there: a double-tap would shut a gate", () => {
  assert.equal(THRESHOLD.rest, 0)
  assert.equal(new Taper({ unit: "dB", points: [[0, -15], [1, 15]] }).rest, 0.5)
})

for (const { name, taper, readings, typed } of TABLE.laws) {
  const law = new Taper(taper)
  test(`${name}: texts are those of shell and API`, () => {
    const texts = readings.map(([value]) => law.position(value ?? -Infinity)).map((position) => (law.twoSided ? law.text(position) : law.spoken(position)))
    assert.deepEqual(texts, readings.map(([, text]) => text))
  })
  test(`${name}: what a person types means what it means in shell and API`, () => {
    for (const [text, value] of typed) assert.ok(Math.abs(law.parse(text) - law.position(value ?? -Infinity)) < 1e-9, text)
  })
}

test("halves and thousands are read as in shell and API", () => {
  assert.deepEqual(TABLE.units.map(([unit, value]) => fullText(unit, value, true)), TABLE.units.map(([, , text]) => text))
})
