import assert from "node:assert/strict"
import { test } from "node:test"
import { LAYOUT, openPage } from "./fakes.mjs"

const FADER = "band/ch1/fader"
const MUTE = "band/ch1/mute"

test("a path wakes its own watchers only, and at once if it has a value", () => {
  const { store, socket } = openPage()
  const seen = []
  store.watch(FADER, (value) => seen.push(value))
  const stop = store.watch("band/ch2/fader", (value) => seen.push(["other", value]))
  socket.say({ type: "changes", rev: 11, values: { [FADER]: 0.6 } })
  stop()
  socket.say({ type: "changes", rev: 12, values: { "band/ch2/fader": 0.1 } })
  assert.deepEqual(seen, [0.5, ["other", 0.5], 0.6])
})

test("while a finger holds, the page shows the finger and the ghost shows the desk", () => {
  const { store, socket } = openPage()
  store.touch(FADER)
  store.set(FADER, 0.7)
  socket.say({ type: "changes", rev: 11, values: { [FADER]: 0.2 } })
  assert.equal(store.get(FADER), 0.7)
  assert.equal(store.truth(FADER), 0.2)
})

test("only settle ends a hold, and the page then stands where the desk stands", () => {
  const { store, socket } = openPage()
  store.touch(FADER)
  store.set(FADER, 0.7)
  store.release(FADER)
  socket.say({ type: "changes", rev: 11, values: { [FADER]: 0.2 } })
  assert.equal(store.get(FADER), 0.7)
  socket.say({ type: "settle", path: FADER, value: 0.3, rev: 12 })
  assert.equal(store.get(FADER), 0.3)
})

test("a finger on a remembered value goes on from the console's own as soon as that is known, and says so", () => {
  const { store, socket } = openPage()
  socket.say({ type: "remembered", paths: [FADER] })
  store.touch(FADER)
  store.set(FADER, 0.52)
  socket.say({ type: "rebase", path: FADER, value: 0.2, rev: 11 })
  assert.equal(store.get(FADER), 0.2)
  assert.deepEqual(socket.of("hold").at(-1), { type: "hold", path: FADER, rebased: true })
  assert.ok(store.touched(FADER))
})

test("what waited to be sent when the console's own value came counts from the old one, and never leaves", () => {
  const { store, socket, frame } = openPage()
  store.touch(FADER)
  store.set(FADER, 0.52)
  socket.say({ type: "rebase", path: FADER, value: 0.2, rev: 11 })
  frame()
  assert.deepEqual(socket.of("set"), [])
})

test("a rebase after the lift changes the value and holds nothing", () => {
  const { store, socket } = openPage()
  store.touch(FADER)
  store.release(FADER)
  socket.say({ type: "rebase", path: FADER, value: 0.2, rev: 11 })
  assert.equal(store.truth(FADER), 0.2)
  assert.equal(socket.of("hold").length, 1)
})

test("a finger that is back before its settle keeps its hold", () => {
  const { store, socket } = openPage()
  store.touch(FADER)
  store.release(FADER)
  store.touch(FADER)
  store.set(FADER, 0.8)
  socket.say({ type: "settle", path: FADER, value: 0.5, rev: 11 })
  assert.equal(store.get(FADER), 0.8)
  assert.ok(store.touched(FADER))
})

test("a hold taken over ends under the finger, and says so", () => {
  const { store, socket } = openPage()
  let lost = 0
  store.touch(FADER, () => (lost += 1))
  store.set(FADER, 0.8)
  socket.say({ type: "held", path: FADER, by: "foh" })
  socket.say({ type: "settle", path: FADER, value: 0.5, rev: 11 })
  assert.equal(lost, 1)
  assert.equal(store.get(FADER), 0.5)
  assert.equal(store.holder(FADER), "foh")
})

test("what another holds cannot be touched", () => {
  const { store, socket } = openPage()
  socket.say({ type: "held", path: FADER, by: "foh" })
  assert.equal(store.touch(FADER), false)
  socket.say({ type: "held", path: FADER, by: null })
  assert.equal(store.touch(FADER), true)
})

test("a refused move brings the cap back to the truth", () => {
  const { store, socket, frame } = openPage()
  store.touch(FADER)
  store.set(FADER, 0.9)
  frame()
  socket.say({ type: "error", id: 1, code: "forbidden", path: FADER, text: "Not yours." })
  assert.equal(store.get(FADER), 0.5)
  assert.equal(store.touched(FADER), false)
})

test("a tap is shown at once, and as the desk has it once the desk has spoken", () => {
  const { store, socket, frame } = openPage()
  store.set(MUTE, true)
  assert.equal(store.get(MUTE), true)
  frame()
  socket.say({ type: "ok", id: 1, rev: 11 })
  assert.equal(store.get(MUTE), true)
  socket.say({ type: "changes", rev: 12, values: { [MUTE]: false } })
  assert.equal(store.get(MUTE), false)
})

test("a refused tap is undone on the page", () => {
  const { store, socket, frame, page } = openPage()
  store.set(MUTE, true)
  frame()
  socket.say({ type: "error", id: 1, code: "held", path: MUTE, by: "foh", text: "Held." })
  assert.equal(store.get(MUTE), false)
  assert.match(page.notices.latest.value.text, /FOH tablet/)
})

test("an offline console makes its controls inert", () => {
  const { store, socket, frame } = openPage()
  socket.say({ type: "changes", rev: 11, values: { "band/status": "offline" } })
  assert.equal(store.set(FADER, 0.1), false)
  assert.equal(store.touch(FADER), false)
  frame()
  assert.deepEqual(socket.of("set"), [])
})

test("pending paths are on their way until the console has confirmed them", () => {
  const { store, socket } = openPage()
  socket.say({ type: "pending", paths: [FADER] })
  assert.equal(store.marks.onItsWay(FADER), true)
  socket.say({ type: "pending", paths: [] })
  assert.equal(store.marks.onItsWay(FADER), false)
})

test("a page is loaded anew only when no finger is down", () => {
  const { store, socket, reloads, sockets, link } = openPage()
  store.touch(FADER)
  socket.say({ type: "resume", you: { client: "me" }, rev: 11, values: {}, server: { epoch: "e1", page: "p2" } })
  assert.equal(reloads.length, 0)
  store.release(FADER)
  assert.equal(reloads.length, 1)
  assert.equal(sockets.at(-1), socket)
})

test("what a console only shows cannot be moved, and a touch says so", () => {
  const { page, store, socket } = openPage()
  const table = LAYOUT.table.map((param) => ({ ...param, read_only: true }))
  socket.say({ type: "layout", console: { ...LAYOUT, table }, values: {}, rev: 11 })
  assert.equal(store.touch(FADER), false)
  assert.equal(store.set(FADER, 0.1), false)
  page.notices.inert(FADER)
  assert.match(page.notices.latest.value.text, /nobody can move it/)
})

test("a real fader that has to meet its param stands as a ghost until it has, or the page is welcomed anew", () => {
  const { store, socket } = openPage()
  socket.say({ type: "ghost", path: FADER, at: 0.25, by: "surface-nano" })
  assert.deepEqual(store.marks.ghost(FADER), { at: 0.25, by: "surface-nano" })
  socket.say({ type: "ghost", path: FADER, at: null, by: "surface-nano" })
  assert.equal(store.marks.ghost(FADER), null)
})
