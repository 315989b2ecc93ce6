import assert from "node:assert/strict"
import { test } from "node:test"
import { openPage, welcome } from "./fakes.mjs"

const FADER = "band/ch1/fader"
const state = ({ link }) => link.status.value.state

test("a page says hello first, and is online with the welcome", () => {
  const page = openPage({ greeted: false })
  assert.equal(state(page), "connecting")
  page.socket.open()
  assert.deepEqual(page.socket.sent, [{ type: "hello", protocol: 1, client: "me", name: "Test page", device: "Test page" }])
  assert.equal(state(page), "connecting")
  page.socket.say(welcome())
  assert.equal(state(page), "online")
  assert.equal(page.store.get(FADER), 0.5)
})

test("a returning page says what it knows, and takes a resume for the rest", () => {
  const page = openPage()
  page.socket.say({ type: "changes", rev: 12, values: { [FADER]: 0.6 } })
  page.socket.cut()
  page.clock.pass(0)
  page.socket.open()
  assert.deepEqual(page.socket.sent[0].since, { epoch: "e1", rev: 12 })
  page.socket.say({ ...welcome({ rev: 20, values: { [FADER]: 0.9 } }), type: "resume", consoles: undefined, meters: undefined })
  assert.equal(page.store.get(FADER), 0.9)
  assert.equal(page.store.get("band/ch2/fader"), 0.5)
  assert.equal(page.here.consoles.strips.length, 4)
})

test("a page pings each second and shows the round trip", () => {
  const page = openPage()
  page.clock.pass(20)
  page.socket.say({ type: "pong", t: page.socket.of("ping")[0].t })
  assert.equal(page.link.status.value.rtt, 20)
  page.clock.pass(1000)
  assert.equal(page.socket.of("ping").length, 2)
})

test("three seconds of silence are a dead link, and the page tries again at once", () => {
  const page = openPage()
  page.clock.pass(2900)
  assert.equal(state(page), "online")
  page.clock.pass(200)
  assert.equal(state(page), "reconnecting")
  assert.equal(page.sockets.length, 2)
  assert.equal(page.sockets[0].readyState, 3)
})

test("it tries at once, then after 0.25, 0.5, 1, 2 and every 3 seconds", () => {
  const page = openPage()
  const pauses = []
  for (let tries = 0; tries < 8; tries += 1) {
    const [count, from] = [page.sockets.length, page.clock.time]
    page.socket.cut()
    while (page.sockets.length === count) page.clock.pass(10)
    pauses.push(page.clock.time - from)
  }
  assert.deepEqual(pauses.map((ms) => Math.floor(ms / 50) * 50), [0, 250, 500, 1000, 2000, 3000, 3000, 3000])
})

test("nothing done while the link is down is ever sent", () => {
  const page = openPage()
  page.store.touch(FADER)
  page.store.set(FADER, 0.9)
  page.socket.cut()
  assert.equal(page.store.get(FADER), 0.5)
  assert.equal(page.store.set(FADER, 0.1), false)
  assert.equal(page.here.messages.say("later?"), false)
  page.clock.pass(0)
  page.socket.open()
  page.socket.say(welcome())
  page.frame()
  assert.deepEqual(page.socket.sent.map(({ type }) => type), ["hello", "ping"])
})

test("a tap on the status, the network and a waking page try again now", () => {
  for (const wake of [(link) => link.nudge(), (link) => link.hidden(false)]) {
    const page = openPage()
    for (let tries = 0; tries < 5; tries += 1) {
      page.socket.cut()
      page.clock.pass(tries < 4 ? 3000 : 0)
    }
    const count = page.sockets.length
    wake(page.link)
    assert.equal(page.sockets.length, count + 1)
  }
})

test("a tap while a try hangs begins another, but leaves a young one alone", () => {
  const page = openPage({ greeted: false })
  page.clock.pass(400)
  page.link.nudge()
  assert.equal(page.sockets.length, 1)
  page.clock.pass(200)
  page.link.nudge()
  assert.equal(page.sockets.length, 2)
})

test("a hidden page sends no pings; when it returns a dead socket is found within a second", () => {
  const page = openPage()
  page.link.hidden(true)
  page.clock.pass(60000)
  assert.equal(page.socket.of("ping").length, 1)
  assert.equal(state(page), "online")
  page.link.hidden(false)
  assert.equal(page.socket.of("ping").length, 2)
  page.clock.pass(1100)
  assert.equal(state(page), "reconnecting")
})

test("frames of a socket already given up change nothing", () => {
  const page = openPage()
  const old = page.socket
  const late = old.onmessage
  old.cut()
  page.clock.pass(0)
  late({ data: JSON.stringify({ type: "changes", rev: 99, values: { [FADER]: 0.99 } }) })
  assert.equal(page.store.get(FADER), 0.5)
})

test("what is no frame of ours harms nothing", () => {
  const page = openPage()
  for (const text of ["Server received: hello", "[1]", "null", "{", '{"type":"tomorrow"}']) page.socket.say(text)
  assert.equal(state(page), "online")
})

test("both directions are seen by the traffic page, meter frames only counted", () => {
  const page = openPage()
  page.socket.onmessage({ data: new Uint8Array([1, 0, 0, 0, 0, 200, 200]).buffer })
  assert.deepEqual(page.here.traffic.lines.map(({ direction }) => direction), ["out", "in", "out"])
  assert.equal(page.here.traffic.meterFrames, 1)
})

test("a doubled tab, told that its id is in use, comes back as another page", () => {
  const page = openPage()
  page.socket.cut(4001)
  page.clock.pass(0)
  page.socket.open()
  assert.notEqual(page.socket.sent[0].client, "me")
  assert.match(page.socket.sent[0].client, /^[0-9a-f-]{36}$/)
})

test("what is amiss with the program is kept until the server says otherwise", () => {
  const page = openPage({ greeted: false })
  page.socket.open()
  page.socket.say(welcome({ notices: ["The disk is full: make room on it."] }))
  assert.deepEqual(page.here.notices.lasting.value, ["The disk is full: make room on it."])
  page.socket.say({ type: "notices", notices: [] })
  assert.deepEqual(page.here.notices.lasting.value, [])
})
