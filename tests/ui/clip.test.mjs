import assert from "node:assert/strict"
import { test } from "node:test"
import { copied, fitted, sentence, valuesOf } from "../../ui/desk/clip.js"
import { Compare } from "../../ui/desk/compare.js"
import { Pinch } from "../../ui/desk/pinch.js"
import { Taper } from "../../ui/desk/taper.js"

const band = (most) => new Taper({ unit: "dB", points: [[0, -most], [1, most]] })
const GAIN = { kind: "position", taper: band(15) }
const page = (values, params) => ({
  store: { get: (path) => values[path] },
  consoles: { param: (path) => params[path] },
  nameOf: () => "Kick",
})
const kick = { path: "foh/ch1", console: "foh" }
const vox = { path: "band/ch2", console: "band" }
const TYPE = { kind: "choice", choices: ["bell", "vintage"] }

test("B sounds after one flip, and only what differs is set; A comes back as it stood", () => {
  const both = new Compare({ gain: 0.5, q: 0.5 })
  assert.deepEqual(both.flip({ gain: 0.8, q: 0.5 }), { gain: 0.5 })
  assert.equal(both.at, "B")
  assert.deepEqual(both.flip({ gain: 0.4, q: 0.5 }), { gain: 0.8 })
  assert.deepEqual([both.at, both.other], ["A", { gain: 0.4, q: 0.5 }])
})

test("a copy keeps what is known and can be set; 48 V is never in it, gain only by its own section", () => {
  const params = { "foh/ch1/gain": GAIN, "foh/ch1/phantom": { kind: "toggle" }, "foh/ch1/trim": GAIN, "foh/ch1/polarity": { kind: "toggle", read_only: true } }
  const at = page({ "foh/ch1/gain": 0.5, "foh/ch1/phantom": true, "foh/ch1/trim": null, "foh/ch1/polarity": true }, params)
  const input = { Input: ["gain", "phantom", "trim", "polarity"] }
  assert.deepEqual(Object.keys(copied(at, kick, input).sections.Input), ["gain"])
  assert.deepEqual(copied(at, kick, input, true).sections.Input, {})
  assert.deepEqual(valuesOf(at, kick, ["gain", "trim"]), { "foh/ch1/gain": 0.5 })
})

test("values go to another console by their units, and what does not fit is named", () => {
  const from = page(
    { "foh/ch1/eq/1/gain": 0.9, "foh/ch1/eq/1/type": "vintage", "foh/ch1/eq/1/q": 0.5, "foh/ch1/eq/5/gain": 0.5, "foh/ch1/dyn/ratio": "4" },
    { "foh/ch1/eq/1/gain": GAIN, "foh/ch1/eq/1/type": TYPE, "foh/ch1/eq/1/q": { kind: "position", taper: band(1) }, "foh/ch1/eq/5/gain": GAIN, "foh/ch1/dyn/ratio": { kind: "choice", choices: ["4"] } },
  )
  const to = page({}, {
    "band/ch2/eq/1/gain": { kind: "position", taper: band(24) },
    "band/ch2/eq/1/type": { kind: "choice", choices: ["bell"] },
    "band/ch2/eq/1/q": { kind: "position", taper: new Taper({ unit: "%", points: [[0, 0], [1, 100]] }) },
    "band/ch2/dyn/ratio": { kind: "choice", choices: ["3.0", "4.0"] },
  })
  const clip = copied(from, kick, { EQ: ["eq/1/gain", "eq/1/type", "eq/1/q", "eq/5/gain"], Dynamics: ["dyn/ratio"], Sends: [] })
  const { values, left } = fitted(to, clip, "EQ", vox)
  assert.deepEqual(values, { "band/ch2/eq/1/gain": 0.75 })
  assert.deepEqual(left, [{ local: "eq/1/type", why: "no “vintage”" }, { local: "eq/1/q", why: "in another unit" }, { local: "eq/5/gain", why: "" }])
  assert.deepEqual(fitted(to, clip, "Dynamics", vox).values, { "band/ch2/dyn/ratio": "4.0" })
  assert.deepEqual(fitted(to, clip, "Sends", vox).left, [{ local: "Sends", why: "of another console" }])
  assert.equal(sentence("EQ", "Kick", left, (local) => local), "EQ of Kick pasted. Not as copied: eq/1/type (no “vintage”), eq/1/q (in another unit), eq/5/gain.")
})

test("a value beyond the other law goes as far as that reaches, and says so", () => {
  const from = page({ "foh/ch1/trim": 1 }, { "foh/ch1/trim": { kind: "position", taper: band(18) } })
  const to = page({}, { "band/ch2/trim": { kind: "position", taper: band(12) } })
  const { values, left } = fitted(to, copied(from, kick, { Input: ["trim"] }), "Input", vox)
  assert.deepEqual(values, { "band/ch2/trim": 1 })
  assert.equal(left[0].why, "as far as +12.0 dB")
})

test("two fingers are a pinch once they have moved apart or together, and a tap of two is none", () => {
  const pinch = new Pinch()
  pinch.land(1, 0, 0)
  assert.equal(pinch.move(1, 0, 0), null)
  pinch.land(2, 100, 0)
  assert.equal(pinch.move(2, 104, 0), null)
  assert.equal(pinch.move(2, 150, 0), 1.5)
  assert.equal(pinch.move(2, 50, 0), 0.5)
  assert.equal(pinch.lift(1), true)
  assert.equal(pinch.move(2, 300, 0), null)
  assert.equal(pinch.lift(2), false)
})
