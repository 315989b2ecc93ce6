import assert from "node:assert/strict"
import { test } from "node:test"
import { membersOf, muteGroupsOf, silencersOf } from "../../ui/desk/mute-groups.js"
import { LAYOUT, openPage, welcome } from "./fakes.mjs"

const NAMES = { "foh/scene/0/name": "Line check", "foh/scene/1/name": "", "foh/scene/2/name": "Encore", "foh/scene/10/name": "Late" }
const FOH = {
  ...LAYOUT,
  name: "foh",
  params: { status: 2, "scene/current": 2, "mutegroup/10": 1, "mutegroup/2": 1, ...Object.fromEntries(Object.keys(NAMES).map((path) => [path.slice(4), 2])) },
  strips: [{ id: "ch1", kind: "channel", number: 1, label: "Ch 1", params: { fader: 0, mute: 1, "mutegroup/2": 1, "mutegroup/10": 1 }, taps: [] }],
  action_schema: { recall: { label: "Recall scene", params: { scene: { kind: "number", low: 0, high: 9, whole: true } }, defaults: {} } },
}

function opened(current = 2) {
  const world = openPage({ greeted: false })
  world.socket.open()
  world.socket.say(welcome({ consoles: [FOH], values: { "foh/status": "online", "foh/scene/current": current, ...NAMES }, meters: [] }))
  world.foh = world.page.consoles.find("foh")
  world.goes = (number) => world.socket.say({ type: "changes", rev: 11, values: { "foh/scene/current": number } })
  return world
}

test("scenes are listed by number: those with a name, and the one that stands", () => {
  const { page, foh, goes } = opened()
  assert.deepEqual(page.scenes.list(foh).map(({ number }) => number), [0, 2, 10])
  goes(1)
  assert.deepEqual(page.scenes.list(foh).map(({ number }) => number), [0, 1, 2, 10])
})

test("what stands when the page opens is no news; where the console goes by itself is, until somebody looks", () => {
  const { page, goes } = opened()
  assert.equal(page.scenes.moved.value.size, 0)
  goes(10)
  assert.equal(page.scenes.moved.value.get("foh"), 10)
  assert.match(page.notices.latest.value.text, /scene 10, Late/)
  page.scenes.seen("foh")
  assert.equal(page.scenes.moved.value.size, 0)
})

test("a recall of our own is asked of the console and is no news when it comes", () => {
  const { page, socket, goes } = opened()
  page.scenes.recall("foh", 0)
  assert.deepEqual(socket.of("act").map(({ console, action, with: what }) => [console, action, what]), [["foh", "recall", { scene: 0 }]])
  goes(0)
  assert.equal(page.scenes.moved.value.size, 0)
  goes(2)
  assert.equal(page.scenes.moved.value.get("foh"), 2)
})

test("a scene is recalled only where the console offers that, and within its numbers", () => {
  const { page, foh } = opened()
  assert.deepEqual([0, 9, 10].map((number) => page.scenes.canRecall(foh, number)), [true, true, false])
  assert.equal(page.scenes.canRecall({ ...foh, actions: new Map() }, 0), false)
})

test("a console that leaves all scenes stands in none, and tells nothing", () => {
  const { page, goes } = opened()
  goes(-1)
  assert.deepEqual([page.scenes.current("foh"), page.scenes.moved.value.size], [null, 0])
})

test("mute groups are the console's own, by number, with their members", () => {
  const { foh } = opened()
  assert.deepEqual(muteGroupsOf(foh), [2, 10])
  assert.deepEqual(membersOf(foh, "mutegroup/2"), ["foh/ch1/mutegroup/2"])
  assert.deepEqual(silencersOf(foh.strips[0])[0], ["foh/ch1/mutegroup/2", "foh/mutegroup/2"])
})

test("a muted DCA silences its strips as an active mute group does", () => {
  const strip = { path: "foh/ch1", console: "foh", params: { mute: 1, "dca/3": 1, "send/bus1/dca/1": 1 } }
  assert.deepEqual(silencersOf(strip), [["foh/ch1/dca/3", "foh/dca3/mute"]])
})

test("a highlighted scene is shown as such, and is neither current nor news", () => {
  const { page, socket } = opened()
  const say = (values) => socket.say({ type: "changes", rev: 12, values })
  say({ "foh/scene/highlighted": 0, "foh/scene/list": "cues" })
  assert.equal(page.scenes.highlighted("foh"), null)
  say({ "foh/scene/list": "scenes" })
  assert.deepEqual([page.scenes.highlighted("foh"), page.scenes.current("foh"), page.scenes.moved.value.size], [0, 2, 0])
})
