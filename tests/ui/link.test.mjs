import assert from "node:assert/strict"
import { test } from "node:test"
import { Link } from "../../ui/desk/link.js"
import { FakeClock, FakeSocket, openPage, welcome } from "./fakes.mjs"

const FADER = "band/ch1/fader"
const state = ({ link }) => link.status.value.state

test("a page says hello first, and is online with the welcome", () => {
  const world = openPage({ greeted: false })
  assert.equal(state(world), "connecting")
  world.socket.open()
  assert.deepEqual(world.socket.sent, [{ type: "hello", protocol: 1, client: "me", name: "Test page", device: "Test page" }])
  assert.equal(state(world), "connecting")
  world.socket.say(welcome())
  assert.equal(state(world), "online")
  assert.equal(world.store.get(FADER), 0.5)
})

test("a returning page says what it knows, and takes a resume for the rest", () => {
  const world = openPage()
  world.socket.say({ type: "changes", rev: 12, values: { [FADER]: 0.6 } })
  world.socket.cut()
  world.clock.pass(0)
  world.socket.open()
  assert.deepEqual(world.socket.sent[0].since, { epoch: "e1", rev: 12 })
  world.socket.say({ ...welcome({ rev: 20, values: { [FADER]: 0.9 } }), type: "resume", consoles: undefined, meters: undefined })
  assert.equal(world.store.get(FADER), 0.9)
  assert.equal(world.store.get("band/ch2/fader"), 0.5)
  assert.equal(world.page.consoles.strips.length, 4)
})

test("a page pings each second and shows the round trip", () => {
  const world = openPage()
  world.clock.pass(20)
  world.socket.say({ type: "pong", t: world.socket.of("ping")[0].t })
  assert.equal(world.link.status.value.rtt, 20)
  world.clock.pass(1000)
  assert.equal(world.socket.of("ping").length, 2)
})

test("meters are asked for 25 times a second, and 10 times from a round trip of 150 ms on until one below 100 ms", () => {
  const world = openPage()
  const answer = (rtt) => {
    const { t } = world.socket.of("ping").at(-1)
    world.clock.pass(rtt)
    world.socket.say({ type: "pong", t })
    world.clock.pass(1000 - rtt)
    return world.socket.of("meters").at(-1)
  }
  assert.equal(answer(200), undefined, "nobody has asked for any")
  world.page.meterFrames.ask(true)
  assert.deepEqual([20, 200, 120, 20].map((rtt) => answer(rtt).rate), [25, 10, 10, 25])
  world.page.meterFrames.ask(false)
  assert.deepEqual(answer(200), { type: "meters", on: false })
})

test("three seconds of silence are a dead link, and the page tries again at once", () => {
  const world = openPage()
  world.clock.pass(2900)
  assert.equal(state(world), "online")
  world.clock.pass(200)
  assert.equal(state(world), "reconnecting")
  assert.equal(world.sockets.length, 2)
  assert.equal(world.sockets[0].readyState, 3)
})

test("it tries at once, then after 0.25, 0.5, 1, 2 and every 3 seconds", () => {
  const world = openPage()
  const pauses = []
  for (let tries = 0; tries < 8; tries += 1) {
    const [count, from] = [world.sockets.length, world.clock.time]
    world.socket.cut()
    while (world.sockets.length === count) world.clock.pass(10)
    pauses.push(world.clock.time - from)
  }
  assert.deepEqual(pauses.map((ms) => Math.floor(ms / 50) * 50), [0, 250, 500, 1000, 2000, 3000, 3000, 3000])
})

test("nothing done while the link is down is ever sent", () => {
  const world = openPage()
  world.store.touch(FADER)
  world.store.set(FADER, 0.9)
  world.socket.cut()
  assert.equal(world.store.get(FADER), 0.5)
  assert.equal(world.store.set(FADER, 0.1), false)
  assert.equal(world.page.messages.say("later?"), false)
  world.clock.pass(0)
  world.socket.open()
  world.socket.say(welcome())
  world.frame()
  assert.deepEqual(world.socket.sent.map(({ type }) => type), ["hello", "ping", "history"])
})

test("a tap on the status, the network and a waking page try again now", () => {
  for (const wake of [(link) => link.nudge(), (link) => link.hidden(false)]) {
    const world = openPage()
    for (let tries = 0; tries < 5; tries += 1) {
      world.socket.cut()
      world.clock.pass(tries < 4 ? 3000 : 0)
    }
    const count = world.sockets.length
    wake(world.link)
    assert.equal(world.sockets.length, count + 1)
  }
})

test("a tap while a try hangs begins another, but leaves a young one alone", () => {
  const world = openPage({ greeted: false })
  world.clock.pass(400)
  world.link.nudge()
  assert.equal(world.sockets.length, 1)
  world.clock.pass(200)
  world.link.nudge()
  assert.equal(world.sockets.length, 2)
})

test("a hidden page sends no pings; when it returns a dead socket is found within a second", () => {
  const world = openPage()
  world.link.hidden(true)
  world.clock.pass(60000)
  assert.equal(world.socket.of("ping").length, 1)
  assert.equal(state(world), "online")
  world.link.hidden(false)
  assert.equal(world.socket.of("ping").length, 2)
  world.clock.pass(1100)
  assert.equal(state(world), "reconnecting")
})

test("a page that is put away closes its socket, and dials anew when it is shown again", () => {
  const world = openPage()
  world.link.stop("reconnecting")
  assert.equal(world.sockets[0].readyState, 3)
  world.clock.pass(10_000)
  assert.equal(world.sockets.length, 1)
  world.link.hidden(false)
  assert.equal(world.sockets.length, 2)
  world.socket.open()
  world.socket.say(welcome())
  assert.equal(state(world), "online")
})

test("frames of a socket already given up change nothing", () => {
  const world = openPage()
  const old = world.socket
  const late = old.onmessage
  old.cut()
  world.clock.pass(0)
  late({ data: JSON.stringify({ type: "changes", rev: 99, values: { [FADER]: 0.99 } }) })
  assert.equal(world.store.get(FADER), 0.5)
})

test("what is no frame of ours harms nothing", () => {
  const world = openPage()
  for (const text of ["Server received: hello", "[1]", "null", "{", '{"type":"tomorrow"}']) world.socket.say(text)
  assert.equal(state(world), "online")
})

test("both directions are seen by the traffic page, meter frames only counted", () => {
  const world = openPage()
  world.socket.onmessage({ data: new Uint8Array([1, 0, 0, 0, 0, 200, 200]).buffer })
  assert.deepEqual(world.page.traffic.lines.map(({ direction }) => direction), ["out", "in", "out", "out"])
  assert.equal(world.page.traffic.meterFrames, 1)
})

test("a doubled tab, told that its id is in use, comes back as another page", () => {
  const world = openPage()
  world.socket.cut(4001)
  world.clock.pass(0)
  world.socket.open()
  assert.notEqual(world.socket.sent[0].client, "me")
  assert.match(world.socket.sent[0].client, /^[0-9a-f-]{36}$/)
})

test("what is amiss with the program is kept until the server says otherwise", () => {
  const world = openPage({ greeted: false })
  world.socket.open()
  world.socket.say(welcome({ notices: ["The disk is full: make room on it."] }))
  assert.deepEqual(world.page.notices.lasting.value, ["The disk is full: make room on it."])
  world.socket.say({ type: "notices", notices: [] })
  assert.deepEqual(world.page.notices.lasting.value, [])
})

test("a socket that is about to close takes nothing, and who would send is told", () => {
  const world = openPage()
  world.socket.readyState = 2
  const sent = world.socket.sent.length
  assert.equal(world.link.send({ type: "ping", t: 1 }), false)
  assert.equal(world.socket.sent.length, sent)
})

test("a socket that was dialled before the page started, and is open by now, is greeted at once", () => {
  const dialled = new FakeSocket()
  dialled.readyState = 1
  const link = new Link(() => dialled, new FakeClock(), { hello: () => ({ type: "hello" }), sent() {}, received() {}, lost() {} })
  link.start()
  assert.deepEqual(dialled.sent, [{ type: "hello" }])
})

test("a socket whose address held the hello is not greeted again, and what came before the page started is taken in its order", () => {
  const heard = []
  const dialled = Object.assign(new FakeSocket(), { readyState: 1, greeted: true, early: [{ data: "first" }, { data: "second" }] })
  const link = new Link(() => dialled, new FakeClock(), { hello: () => ({ type: "hello" }), sent() {}, received: (data) => heard.push(data), lost() {} })
  link.start()
  dialled.say("third")
  assert.deepEqual(dialled.sent, [])
  assert.deepEqual(heard, ["first", "second", "third"])
})

test("the hello that a device keeps for its next visit has the name that its person took last, and no page's id", () => {
  const { page, storage } = openPage()
  page.prefs.name.set("Stage left")
  assert.deepEqual(JSON.parse(storage.getItem("remote-mixer.hello")), { type: "hello", protocol: 1, name: "Stage left", device: "Test page" })
})
