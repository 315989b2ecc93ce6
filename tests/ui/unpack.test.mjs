import assert from "node:assert/strict"
import { test } from "node:test"
import { deflateSync } from "node:zlib"
import { unpacker } from "../../ui/desk/unpack.js"
import { openPage, welcome } from "./fakes.mjs"

const FADER = "band/ch1/fader"

const buffer = (...bytes) => Uint8Array.from(bytes).buffer
const packed = (text) => buffer(2, ...deflateSync(text))

/** Receives all of `said`, and returns what was passed once `last` was passed too. */
function passed(said, last) {
  const seen = []
  return new Promise((done, fail) => {
    const receive = unpacker((data) => seen.push(data) && data === last && done(seen), fail)
    for (const data of said) receive(data)
  })
}

test("texts and meter frames pass at once", () => {
  const seen = []
  const meters = buffer(1, 0, 0, 0, 0)
  const receive = unpacker((data) => seen.push(data))
  receive("one")
  receive(meters)
  assert.deepEqual(seen, ["one", meters])
})

test("a packed message is read in its place: what came behind it waits, packed or not", async () => {
  const long = "æ 🎸 ".repeat(5000)
  const meters = buffer(1, 0, 0, 0, 0)
  const said = ["first", packed(long), "then", meters, packed("again"), "last"]
  assert.deepEqual(await passed(said, "last"), ["first", long, "then", meters, "again", "last"])
})

test("a fault of the page in one message keeps none of the others from it", async (t) => {
  const [seen, faults, later] = [[], [], queueMicrotask]
  t.mock.method(globalThis, "queueMicrotask", (work) => later(() => {
    try {
      work()
    } catch (fault) {
      faults.push(fault.message)
    }
  }))
  await new Promise((done, fail) => {
    const receive = unpacker((data) => {
      if (data === "bad") throw new Error("bad")
      seen.push(data)
      if (data === "last") done()
    }, fail)
    for (const data of [packed("one"), "bad", "last"]) receive(data)
  })
  assert.deepEqual([seen, faults], [["one", "last"], ["bad"]])
})

test("a welcome that comes packed opens the page, with the changes behind it", async () => {
  const world = openPage({ greeted: false })
  world.socket.open()
  world.socket.onmessage({ data: packed(JSON.stringify(welcome())) })
  world.socket.say({ type: "changes", rev: 12, values: { [FADER]: 0.6 } })
  assert.equal(world.link.online, false)
  await new Promise((done) => world.link.status.watch(({ state }) => state === "online" && done()))
  await new Promise((done) => queueMicrotask(done))
  assert.equal(world.store.get(FADER), 0.6)
})

test("a message that cannot be unpacked is a lost link: the page asks again", async () => {
  const world = openPage()
  world.socket.onmessage({ data: buffer(2, 1, 2, 3) })
  await new Promise((done) => world.link.status.watch(({ state }) => state === "reconnecting" && done()))
  world.clock.pass(0)
  assert.equal(world.sockets.length, 2)
})

test("what a lost link was still unpacking is not read", async () => {
  const world = openPage()
  world.socket.onmessage({ data: packed(JSON.stringify({ type: "changes", rev: 12, values: { [FADER]: 0.6 } })) })
  world.socket.cut()
  await passed([packed("later")], "later")
  assert.equal(world.store.get(FADER), 0.5)
})
