import assert from "node:assert/strict"
import { test } from "node:test"
import { Hints } from "../../ui/desk/hints.js"
import { LAYOUT, ME, openPage, welcome } from "./fakes.mjs"

const FREQ = { unit: "Hz", points: [[0, 20], [1, 20000]] }
const GAIN = { unit: "dB", points: [[0, -15], [1, 15]] }
const Q = { unit: "", points: [[0, 0.3], [1, 10]] }
const PREAMP = { unit: "dB", points: [[0, -20], [1, 40]] }
const EQ = ["bell", "bell", "highshelf"]
const TAPERS = { ...LAYOUT.tapers, freq: FREQ, band: GAIN, q: Q, preamp: PREAMP }
const CHOICE = { kind: "choice", choices: ["lowshelf", "bell", "highshelf"], default: "bell" }
const TABLE = [...LAYOUT.table, { kind: "position", taper: "freq", default: 0 }, { kind: "position", taper: "band", default: 0.5 }, { kind: "position", taper: "q", default: 0.5 }, { kind: "position", taper: "preamp", default: 0.5 }, CHOICE, { kind: "number", low: 0, high: 24000, unit: "Hz", read_only: true }]
const bands = Object.assign({}, ...EQ.map((_, n) => ({ [`eq/${n + 1}/type`]: 7, [`eq/${n + 1}/freq`]: 3, [`eq/${n + 1}/gain`]: 4, [`eq/${n + 1}/q`]: 5 })))
const CH1 = { id: "ch1", kind: "channel", number: 1, label: "Ch 1", params: { fader: 0, gain: 6, "eq/on": 1, ...bands }, taps: ["input"] }
const MAIN = { id: "main", kind: "main", number: null, label: "Main", params: { fader: 0 }, taps: ["left"] }
const BAND = { ...LAYOUT, tapers: TAPERS, table: TABLE, params: { status: 2, "feedback/strip": 2, "feedback/freq": 8 }, strips: [CH1, MAIN], layers: [] }
const at = (taper, unit) => (unit - taper.points[0][1]) / (taper.points[1][1] - taper.points[0][1])
const VALUES = {
  "band/status": "online",
  "band/feedback/strip": "",
  "band/feedback/freq": 0,
  "band/ch1/fader": 0.7,
  "band/ch1/gain": at(PREAMP, 20),
  "band/ch1/eq/on": true,
  ...Object.fromEntries(EQ.flatMap((type, n) => [[`band/ch1/eq/${n + 1}/type`, type], [`band/ch1/eq/${n + 1}/freq`, at(FREQ, 1000)], [`band/ch1/eq/${n + 1}/gain`, 0.5], [`band/ch1/eq/${n + 1}/q`, 0.5]])),
}

function opened(values = {}, role = "engineer") {
  const { page, clock, socket } = openPage({ greeted: false })
  const hints = new Hints(page)
  socket.open()
  socket.say(welcome({ consoles: [BAND], values: { ...VALUES, ...values }, meters: ["band/ch1/input", "band/main/left"], you: { client: ME, name: "Mine", role } }))
  return { page, clock, socket, hints, say: (more) => socket.say({ type: "changes", rev: 99, values: more }) }
}

const howl = { "band/feedback/strip": "ch1", "band/feedback/freq": 2500 }
const near = (one, other) => Math.abs(one - other) < 1e-4

test("feedback is a hint with its frequency and strip, and a tap cuts narrowly in a band that is free", () => {
  const { hints, say, socket } = opened({ "band/ch1/eq/1/gain": 0.7 })
  say(howl)
  const [hint] = hints.list.value
  assert.deepEqual([hint.text, hint.word], ["Feedback near 2.50 kHz on Ch 1?", "Cut 2.50 kHz"])
  hints.help(hint)
  const { values } = socket.of("paste").at(-1)
  assert.deepEqual(Object.keys(values).sort(), ["band/ch1/eq/2/freq", "band/ch1/eq/2/gain", "band/ch1/eq/2/q", "band/ch1/eq/2/type", "band/ch1/eq/on"])
  assert.ok(near(values["band/ch1/eq/2/gain"], at(GAIN, -6)) && near(values["band/ch1/eq/2/freq"], at(FREQ, 2500)) && near(values["band/ch1/eq/2/q"], at(Q, 8)))
  assert.deepEqual(hints.list.value, [])
})

test("where a band cuts there already it cuts a little more", () => {
  const { hints, say, socket } = opened({ "band/ch1/eq/2/gain": at(GAIN, -6), "band/ch1/eq/2/freq": at(FREQ, 2480) })
  say(howl)
  hints.help(hints.list.value[0])
  assert.ok(near(socket.of("paste").at(-1).values["band/ch1/eq/2/gain"], at(GAIN, -9)))
})

test("nothing is cut without a tap, and no cut is offered where it would change more than that", () => {
  const bent = { "band/ch1/eq/1/gain": 0.7, "band/ch1/eq/2/gain": 0.3, "band/ch1/eq/3/gain": 0.6 }
  for (const values of [bent, { "band/ch1/eq/on": false, "band/ch1/eq/1/gain": 0.7 }]) {
    const { hints, say, socket } = opened(values)
    say(howl)
    assert.equal(hints.list.value[0].values, null)
    assert.deepEqual(socket.of("paste"), [])
  }
  const { hints, say } = opened()
  say({ "band/feedback/strip": "main", "band/feedback/freq": 800 })
  assert.deepEqual([hints.list.value[0].text, hints.list.value[0].values], ["Feedback near 800 Hz?", null])
})

test("a hint that was put away is gone until its reason comes back; one that was followed comes back where it did not help", () => {
  const { hints, say, clock } = opened()
  say(howl)
  hints.dismiss(hints.list.value[0])
  say({ "band/feedback/freq": 2510 })
  assert.deepEqual(hints.list.value, [])
  say({ "band/feedback/strip": "", "band/feedback/freq": 0 })
  say(howl)
  assert.equal(hints.list.value.length, 1)
  hints.help(hints.list.value[0])
  assert.deepEqual(hints.list.value, [])
  clock.pass(10_000)
  assert.equal(hints.list.value.length, 1)
})

test("an input that clips offers 2 dB less, from where the gain stands when it is tapped", () => {
  const { page, hints, say, socket } = opened()
  page.meters.frame(new Uint8Array([1, 0, 0, 0, 0, 216, 100]).buffer)
  const [hint] = hints.list.value
  assert.deepEqual([hint.text, hint.word], ["Ch 1 clips at its input. Lower gain by 2 dB?", "−2 dB"])
  say({ "band/ch1/gain": at(PREAMP, 10) })
  hints.help(hint)
  assert.ok(near(socket.of("paste").at(-1).values["band/ch1/gain"], at(PREAMP, 8)))
  assert.deepEqual(hints.list.value, [])
  page.meters.frame(new Uint8Array([1, 0, 0, 0, 0, 216, 100]).buffer)
  assert.equal(hints.list.value.length, 1, "it clips again")
})

test("hints are for the sound crew", () => {
  for (const role of ["musician", "guest"]) {
    const { page, hints, say } = opened({}, role)
    say(howl)
    page.meters.frame(new Uint8Array([1, 0, 0, 0, 0, 216, 100]).buffer)
    assert.deepEqual(hints.list.value, [])
  }
})
