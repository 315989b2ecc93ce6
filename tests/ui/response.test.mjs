import assert from "node:assert/strict"
import { test } from "node:test"
import { decibelsAt, sectionsOf } from "../../ui/desk/response.js"
import { compressed, gated } from "../../ui/desk/transfer.js"

const at = (band, freq) => decibelsAt(sectionsOf(band), freq)
const near = (one, other, within = 0.05) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`)

test("a bell does its gain at its frequency and nothing far away", () => {
  const bell = { type: "bell", freq: 1000, gain: 6, q: 2 }
  near(at(bell, 1000), 6)
  near(at(bell, 20), 0)
  near(at(bell, 18000), 0, 0.1)
  near(at({ ...bell, type: "vintage", gain: -9 }, 1000), -9)
})

test("a bell's Q is its width: half the gain at both ends of freq ÷ Q", () => {
  const width = 1000 / 2
  const [low, high] = [(-width + Math.hypot(width, 2000)) / 2, (width + Math.hypot(width, 2000)) / 2]
  for (const freq of [low, high]) near(at({ type: "bell", freq: 1000, gain: 6, q: 2 }, freq), 3, 0.05)
})

test("a shelf does its whole gain beyond its frequency, half at it, none on the other side", () => {
  for (const [type, beyond, other] of [["lowshelf", 20, 20000], ["highshelf", 20000, 20]]) {
    const shelf = { type, freq: 800, gain: -8, q: Math.SQRT1_2 }
    near(at(shelf, beyond), -8, 0.1)
    near(at(shelf, 800), -4)
    near(at(shelf, other), 0, 0.1)
  }
})

for (const [slope, octave] of [["6", 6], ["12", 12], ["18", 18], ["24", 24]]) {
  test(`a cut of ${slope} dB an octave is 3 dB down at its frequency and falls by that much`, () => {
    const low = { type: "lowcut", freq: 400, slope }
    near(at(low, 400), -3)
    near(at(low, 25) - at(low, 50), -octave, 0.3)
    near(at({ ...low, type: "highcut", freq: 4000 }, 4000), -3)
    near(at(low, 8000), 0, 0.15)
  })
}

test("a chain's name alone says low or high by its place, and Linkwitz-Riley is 6 dB down", () => {
  near(at({ type: "lr24", freq: 200, lowest: true }, 200), -6)
  near(at({ type: "lr24", freq: 200, lowest: true }, 6000), 0)
  assert.ok(at({ type: "lr24", freq: 200, lowest: false }, 2000) < -60)
})

test("what nobody here knows does nothing", () => {
  assert.deepEqual(sectionsOf({ type: "tilt", freq: 1000, gain: 6, q: 1 }), [])
  assert.deepEqual(sectionsOf({ type: "bell", freq: undefined, gain: 6, q: 1 }), [])
})

test("bands add up", () => {
  const sections = [...sectionsOf({ type: "bell", freq: 1000, gain: 6, q: 1 }), ...sectionsOf({ type: "bell", freq: 1000, gain: -4, q: 1 })]
  near(decibelsAt(sections, 1000), 2)
})

test("a compressor lets a dB through per ratio over its threshold", () => {
  const comp = { threshold: -20, ratio: 4 }
  near(compressed(-30, comp), 0)
  near(compressed(-8, comp), -9)
  near(compressed(-8, { ...comp, makeup: 5 }), -4)
  near(compressed(-8, { ...comp, mix: 0 }), 0)
})

test("a knee bends around the threshold and meets the straight lines at its ends", () => {
  const soft = { threshold: -20, ratio: 4, knee: 10 }
  near(compressed(-25, soft), 0)
  near(compressed(-20, soft), -0.9375)
  near(compressed(-15, soft), compressed(-15, { ...soft, knee: 0 }))
})

test("an expander opens downwards and leaves the loud alone", () => {
  near(compressed(-30, { mode: "exp", threshold: -20, ratio: 3 }), -20)
  near(compressed(-10, { mode: "exp", threshold: -20, ratio: 3 }), 0)
})

test("a gate closes by its range, an expander by its slope, a ducker on the loud", () => {
  assert.deepEqual([gated(-50, { threshold: -40, range: 30 }), gated(-30, { threshold: -40, range: 30 })], [-30, 0])
  assert.deepEqual([gated(-50, { mode: "EXP3", threshold: -40, range: 30 }), gated(-70, { mode: "exp3", threshold: -40, range: 30 })], [-20, -30])
  assert.deepEqual([gated(-50, { mode: "duck", threshold: -40, range: 12 }), gated(-30, { mode: "duck", threshold: -40, range: 12 })], [0, -12])
})
