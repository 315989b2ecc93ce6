import assert from "node:assert/strict"
import { test } from "node:test"
import { LAYOUT, openPage } from "./fakes.mjs"

const ONE = "band/ch1/fader"
const TWO = "band/ch2/fader"
const types = (socket) => socket.sent.map(({ type }) => type).filter((type) => !["ping", "hello", "history"].includes(type))

test("of many moves in one animation frame the newest goes, all paths in one set", () => {
  const { store, socket, frame } = openPage()
  for (const value of [0.1, 0.2, 0.3]) store.set(ONE, value)
  store.set(TWO, 0.9)
  assert.deepEqual(socket.of("set"), [])
  frame()
  assert.deepEqual(socket.of("set"), [{ type: "set", id: 1, values: { [ONE]: 0.3, [TWO]: 0.9 } }])
})

test("the last move leaves before the release", () => {
  const { store, socket } = openPage()
  store.touch(ONE)
  store.set(ONE, 0.3)
  store.release(ONE)
  assert.deepEqual(types(socket), ["hold", "set", "release"])
})

test("a resting finger says so again every 3 s, until it lifts", () => {
  const { store, socket, clock } = openPage()
  store.touch(ONE)
  for (let second = 0; second < 7; second += 1) {
    clock.pass(1000)
    socket.say({ type: "pong", t: clock.time })
  }
  assert.equal(socket.of("hold").length, 3)
  store.release(ONE)
  clock.pass(2900)
  assert.equal(socket.of("hold").length, 3)
})

test("a move without an answer for 150 ms is shown as on its way", () => {
  const { store, socket, frame, clock } = openPage()
  store.set(ONE, 0.3)
  frame()
  clock.pass(149)
  assert.equal(store.marks.onItsWay(ONE), false)
  clock.pass(1)
  assert.equal(store.marks.onItsWay(ONE), true)
  socket.say({ type: "ok", id: 1, rev: 11 })
  assert.equal(store.marks.onItsWay(ONE), false)
})

test("while an answer is overdue new moves wait, and only the newest goes after it", () => {
  const { store, socket, frame, clock } = openPage()
  store.set(ONE, 0.1)
  frame()
  clock.pass(400)
  for (const value of [0.2, 0.3, 0.4]) {
    store.set(ONE, value)
    frame()
  }
  assert.equal(socket.of("set").length, 1)
  socket.say({ type: "ok", id: 1, rev: 11 })
  frame()
  assert.deepEqual(socket.of("set")[1].values, { [ONE]: 0.4 })
})

test("a move that has waited 2 s is never sent", () => {
  const { store, socket, frame, clock } = openPage()
  store.set(ONE, 0.1)
  frame()
  clock.pass(400)
  store.set(TWO, 0.9)
  clock.pass(2100)
  socket.say({ type: "ok", id: 1, rev: 11 })
  frame()
  assert.equal(socket.of("set").length, 1)
  assert.equal(store.get(TWO), 0.5)
})

test("a refusal of one path does not lose its neighbour's move", () => {
  const { store, socket, frame } = openPage()
  store.set(ONE, 0.1)
  store.set(TWO, 0.9)
  frame()
  socket.say({ type: "error", id: 1, code: "held", path: ONE, by: "foh", text: "Held." })
  frame()
  assert.deepEqual(socket.of("set")[1].values, { [TWO]: 0.9 })
  assert.equal(store.get(ONE), 0.5)
})

test("a path taken over and then not touched is free again", () => {
  const { store, socket, clock } = openPage()
  store.take(ONE)
  assert.deepEqual(socket.of("hold"), [{ type: "hold", path: ONE, take: true }])
  clock.pass(2500)
  socket.say({ type: "pong", t: clock.time })
  clock.pass(1600)
  assert.deepEqual(socket.of("release"), [{ type: "release", path: ONE }])
})

test("a neighbour of a refused move goes again as it stands now, not as it stood", () => {
  const { store, socket, frame } = openPage()
  store.touch(ONE)
  store.touch(TWO)
  store.set(ONE, 0.51)
  store.set(TWO, 0.51)
  frame()
  store.set(ONE, 0.61)
  frame()
  socket.say({ type: "error", id: 1, code: "held", path: TWO, by: "foh", text: "held" })
  frame()
  assert.deepEqual(socket.of("set").map(({ values }) => values[ONE]), [0.51, 0.61, 0.61])
})

test("a move that is never answered does not make the page deaf", () => {
  const { store, socket, frame, clock } = openPage()
  store.set(ONE, 0.2)
  frame()
  for (let beat = 0; beat < 3; beat += 1) {
    clock.pass(1000)
    socket.say({ type: "pong", t: clock.time })
  }
  store.set("band/ch1/mute", true)
  frame()
  assert.equal(socket.of("set").at(-1).values["band/ch1/mute"], true)
})

test("a second tap before the first is answered is what the page goes on showing", () => {
  const { store, socket, frame } = openPage()
  store.set("band/ch1/mute", true)
  frame()
  store.set("band/ch1/mute", false)
  frame()
  socket.say({ type: "changes", rev: 11, values: { "band/ch1/mute": true } })
  socket.say({ type: "ok", id: 1, rev: 11 })
  assert.equal(store.get("band/ch1/mute"), false)
  socket.say({ type: "changes", rev: 12, values: { "band/ch1/mute": false } })
  socket.say({ type: "ok", id: 2, rev: 12 })
  assert.equal(store.get("band/ch1/mute"), false)
})

test("a layout that waits for a finger does not bring old values back", () => {
  const { store, socket } = openPage()
  store.touch(ONE)
  socket.say({ type: "layout", console: LAYOUT, values: { [TWO]: 0.2 }, meters: [] })
  socket.say({ type: "changes", rev: 12, values: { [TWO]: 0.9 } })
  store.release(ONE)
  assert.equal(store.get(TWO), 0.9)
})

test("a page that is hidden holds nothing", () => {
  const { store, socket } = openPage()
  store.touch(ONE)
  store.letGoAll()
  assert.equal(socket.of("release").length, 1)
  assert.equal(store.touched(ONE), false)
})

test("a mix that is chosen while a finger is down comes when it lifts", () => {
  const { store, page } = openPage()
  store.touch(ONE)
  page.view.showMix("band/bus1")
  assert.equal(page.view.mix.value, null)
  store.release(ONE)
  assert.equal(page.view.mix.value, "band/bus1")
})
