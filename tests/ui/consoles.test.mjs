import assert from "node:assert/strict"
import { test } from "node:test"
import { Consoles } from "../../ui/desk/consoles.js"
import { rounded, stepped } from "../../ui/desk/drag.js"
import { layersOf, rowsOf, stripsShown } from "../../ui/desk/layers.js"
import { caveatOf, coarseness, idleOf, readingOf } from "../../ui/desk/reading.js"
import { Taper } from "../../ui/desk/taper.js"
import { LAYOUT, openPage, VOCABULARY, welcome } from "./fakes.mjs"

const FADER = "daw/ch1/fader"
/** A console reached by MIDI: travel without dB, its own words, its own rows, what it calls things. */
const DAW = {
  name: "daw",
  title: "DAW",
  tapers: { travel: { unit: "%", points: [[0, 0], [1, 100]], off_at_zero: false } },
  table: [{ kind: "position", taper: "travel", default: 0, steps: 128 }, { kind: "text", length: 20, read_only: true }],
  params: { status: 1, learning: 1 },
  strips: [
    { id: "ch1", kind: "channel", number: 1, label: "Ch 1", params: { fader: 0, "fader/text": 1, "send/bus1/level": 0 }, taps: [] },
    { id: "ch2", kind: "channel", number: 2, label: "Ch 2", params: {}, taps: [] },
    { id: "bus1", kind: "bus", number: 1, label: "Reverb", params: { name: 1 }, taps: [] },
    { id: "main", kind: "main", number: null, label: "Main", params: { name: 1 }, taps: [] },
  ],
  layers: [{ name: "Vocals", strips: ["ch2", "ch1", "gone"] }],
  action_schema: {
    learn: { label: "Learn", params: { path: { kind: "text", length: 200 }, seconds: { kind: "number", low: 1, high: 60 }, layer: { kind: "text", length: 32 } }, defaults: { seconds: 15, layer: null } },
    send_all: { label: "Send all", params: {}, defaults: {} },
  },
  addresses: { "ch1/fader": "CC 20", "ch1/pan": "" },
}

function joined(values = {}) {
  const world = openPage({ greeted: false })
  world.socket.open()
  world.socket.say(welcome({ consoles: [LAYOUT, DAW], values: { "daw/status": "online", ...values }, meters: [] }))
  return world
}

test("a console says what it can be asked and what it calls its params", () => {
  const { page } = joined()
  assert.deepEqual([...page.consoles.find("daw").actions.keys()], ["learn", "send_all"])
  assert.deepEqual(["ch1/fader", "ch1/pan", "ch1/mute"].map((local) => page.consoles.address(`daw/${local}`)), ["CC 20", "", undefined])
  assert.equal(page.consoles.find("band").actions.size, 0)
})

test("a console's own rows of strips are layers, after the kinds and before a person's own", () => {
  const { page } = joined()
  const own = [{ id: "own1", name: "Mine", items: ["daw/ch1"] }]
  const layers = layersOf(page.consoles.list.value, own, VOCABULARY.kinds)
  assert.deepEqual(layers.map(({ id }) => id), ["all", "channel", "bus", "@band", "@daw", "daw:Vocals", "own1"])
  const row = layers.find(({ id }) => id === "daw:Vocals")
  assert.deepEqual(stripsShown(page.consoles.list.value, row, null).map(({ path }) => path), ["daw/ch2", "daw/ch1"])
})

test("a bus without a fader is no strip, and its sends come under the faders all the same", () => {
  const { page } = joined()
  const consoles = page.consoles.list.value
  assert.deepEqual(stripsShown(consoles, layersOf(consoles, [], VOCABULARY.kinds)[0], null).filter(({ console }) => console === "daw").map(({ id }) => id), ["ch1", "ch2"])
  assert.deepEqual(stripsShown(consoles, null, page.consoles.strip("daw/bus1")).map(({ id }) => id), ["ch1"])
})

test("what the console itself shows of a value is read before its law", () => {
  const { page, socket } = joined({ [FADER]: 0.5 })
  assert.deepEqual(readingOf(page, FADER), { known: true, text: "50 %", spoken: "50 %" })
  socket.say({ type: "changes", rev: 11, values: { [`${FADER}/text`]: "-3.2 dB" } })
  assert.equal(readingOf(page, FADER).text, "-3.2 dB")
})

test("why a control acts on nothing is read beside it, or beside the part of the strip that it belongs to", () => {
  const { page, socket } = joined({ [FADER]: 0.5 })
  const say = (values) => socket.say({ type: "changes", rev: 11, values })
  const part = FADER.slice(0, FADER.lastIndexOf("/"))
  assert.equal(idleOf(page, FADER), null)
  say({ [`${FADER}/idle`]: "USB plays" })
  assert.deepEqual([idleOf(page, FADER), caveatOf(page, FADER)], ["USB plays", "acts on nothing now: USB plays"])
  assert.equal(readingOf(page, FADER).known, true, "it can be set all the same")
  say({ [`${FADER}/idle`]: "", [`${part}/idle`]: "the graphic EQ sounds" })
  assert.equal(idleOf(page, FADER), "the graphic EQ sounds")
  say({ [FADER]: null, [`${part}/idle`]: "no preamp" })
  assert.deepEqual(readingOf(page, FADER), { known: false, text: "no preamp", spoken: "no preamp" })
})

test("what is not known is said to be so", () => {
  const { page, socket } = joined({ [FADER]: null })
  assert.deepEqual(readingOf(page, FADER), { known: false, text: "—", spoken: "unknown" })
  assert.match(caveatOf(page, FADER), /^unknown/)
  socket.say({ type: "changes", rev: 11, values: { [FADER]: 0.2 } })
  assert.equal(caveatOf(page, FADER), null)
})

test("a value from earlier is marked until it is heard, and not under a finger", () => {
  const { page, store, socket } = joined({ [FADER]: 0.5 })
  let woken = 0
  store.watch(FADER, () => (woken += 1))
  socket.say({ type: "remembered", paths: [FADER] })
  assert.equal(woken, 2)
  assert.match(caveatOf(page, FADER), /^last known/)
  store.touch(FADER)
  assert.equal(caveatOf(page, FADER), null)
  socket.say({ type: "remembered", paths: [] })
  assert.equal(store.remembered(FADER), false)
})

test("a page that joins or returns hears what is from earlier", () => {
  const world = openPage({ greeted: false })
  world.socket.open()
  world.socket.say(welcome({ remembered: ["band/ch1/fader"] }))
  assert.equal(world.store.remembered("band/ch1/fader"), true)
  world.socket.say({ ...welcome({ values: {} }), type: "resume" })
  assert.equal(world.store.remembered("band/ch1/fader"), false)
})

test("a console does what it is asked, or says in words why not", async () => {
  const { page, socket } = joined()
  const [done, refused] = [page.act("daw", "learn", { path: "ch1/pan" }), page.act("daw", "send_all")]
  const [first, second] = socket.of("act")
  assert.deepEqual([first.console, first.action, first.with], ["daw", "learn", { path: "ch1/pan", seconds: 15 }])
  socket.say({ type: "ok", id: first.id, rev: 11 })
  socket.say({ type: "error", id: second.id, code: "bad-value", path: "daw", text: "The port is gone." })
  assert.deepEqual([await done, await refused], [true, false])
  assert.equal(page.notices.latest.value.text, "The port is gone.")
})

test("a console is asked only for what it offers, with the arguments that it declares", async () => {
  const { page, socket } = joined()
  assert.equal(await page.act("daw", "fly", {}), false)
  assert.equal(await page.act("band", "learn", {}), false)
  page.act("daw", "learn", { path: "ch1/pan", seconds: 5, layer: "Vocals", speed: 3 })
  assert.deepEqual(socket.of("act").map((frame) => frame.with), [{ path: "ch1/pan", seconds: 5, layer: "Vocals" }])
})

test("what was asked when the link went is not waited for, and nothing is asked without a link", async () => {
  const { page, socket } = joined()
  const asked = page.act("daw", "send_all")
  socket.cut()
  assert.equal(await asked, false)
  assert.equal(await page.act("daw", "send_all"), false)
  assert.match(page.notices.latest.value.text, /No connection/)
})

test("7 bit is called coarse, and 1024 steps are not", () => {
  assert.deepEqual([{ steps: 128 }, { steps: 11 }, { steps: 1024 }, {}, undefined].map(coarseness), ["7 bit", "11 steps", null, null, null])
})

test("the smallest step on a coarse control leaves the place where it stands", () => {
  for (const steps of [128, 12]) {
    const from = rounded(0.2, steps)
    for (const to of [from + 0.0001, from - 0.0001]) assert.notEqual(rounded(stepped(from, to, steps), steps), from)
  }
  assert.equal(stepped(0.2, 0.2001, undefined), 0.2001)
  assert.equal(stepped(1, 1, 128), 1)
})

test("travel is marked in quarters, a controller's numbers as they are known, and neither has a sign", () => {
  const ticks = (unit, high) => new Taper({ unit, points: [[0, 0], [1, high]] }).ticks().map(({ text }) => text)
  assert.deepEqual(ticks("%", 100), ["100", "75", "50", "25", "0"])
  assert.deepEqual(ticks("", 127), ["127", "96", "64", "32", "0"])
  assert.deepEqual(new Taper({ unit: "%", points: [[0, -100], [1, 100]] }).ticks(), [])
})

test("a level typed on travel is refused, not taken for a number of percent", () => {
  const travel = new Taper({ unit: "%", points: [[0, 0], [1, 100]] })
  assert.deepEqual(["64", "64 %", "-5", "-5 dB", "101", "off"].map((typed) => travel.parse(typed)), [0.64, 0.64, null, null, null, null])
  assert.equal(new Taper({ unit: "", points: [[0, 0], [1, 127]] }).parse("127"), 1)
})

test("a layout that comes later brings its own rows and addresses", () => {
  const consoles = new Consoles()
  consoles.reset([DAW], [])
  consoles.replace({ ...DAW, layers: [], addresses: { "ch1/pan": "CC 10" } }, [])
  assert.equal(consoles.address("daw/ch1/pan"), "CC 10")
  assert.deepEqual(consoles.find("daw").layers, [])
})

test("a second main stands among the strips, and a kind that the console has a row for is not told twice", () => {
  const strip = (id, kind) => ({ id, kind, console: "foh", path: `foh/${id}`, has: (local) => local === "fader" })
  const strips = [strip("ch1", "channel"), strip("dca1", "dca"), strip("main", "main"), strip("mono", "main")]
  const consoles = [{ name: "foh", title: "X32", strips, layers: [{ name: "DCAs", strips: ["dca1"] }] }]
  const layers = layersOf(consoles, [], VOCABULARY.kinds)
  assert.deepEqual(layers.map(({ name }) => name), ["All", "Channels", "DCAs"])
  assert.deepEqual(stripsShown(consoles, layers[0], null).map(({ id }) => id), ["ch1", "dca1", "mono"])
})

test("a strip has the rows that its params fill, and in a mix those of its send", () => {
  const strip = (kind, locals, taps = []) => ({ kind, path: `band/${kind}`, taps, has: (local) => locals.includes(local) })
  const mix = { ...strip("bus", ["fader", "mute", "solo"]), id: "bus1" }
  const channel = strip("channel", ["fader", "mute", "pan", "solo", "rec", "send/bus1/level", "send/bus1/tap"], ["input"])
  assert.deepEqual(rowsOf(channel, null), ["input", "pan", "rec", "key", "mute"])
  assert.deepEqual(rowsOf(channel, mix), ["input", "key"])
  assert.deepEqual(rowsOf(mix, null), ["key", "mute"])
  assert.deepEqual(rowsOf(mix, mix), ["mute"])
  assert.deepEqual(rowsOf(strip("dca", ["fader"]), null), ["pan"], "SPILL stands there")
})
