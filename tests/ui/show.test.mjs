import assert from "node:assert/strict"
import { test } from "node:test"
import { chosenOf, sectionOf, stayOf, stripsOf, Ticks } from "../../ui/desk/plan.js"
import { nextOf, previousOf, renumbered, titleOf } from "../../ui/desk/setlist.js"
import { BACK_MS } from "../../ui/desk/show.js"
import { openPage, welcome } from "./fakes.mjs"

const CREW = { client: "me", name: "Mine", color: "red", initials: "MI", role: "engineer" }
const LIST = { type: "scenes", scenes: [{ id: 1, number: 1, name: "Walk in" }, { id: 4, number: 7, name: "Ballad" }], moments: [], bin: [], own: [], current: 1, safes: { "band/ch1": ["levels"] } }
const FADING = { type: "fading", recall: 1, scene: 4, name: "Ballad", by: "Bob", left: 2, done: 0, of: 2, paused: false, over: false, lost: {}, move: null }
const TABLE = { names: { levels: "Levels", mutes: "Mutes", sends: "Sends", input: "Input", groups: "Groups", other: "Other" }, usual: ["levels"], strips: { fader: "levels", mute: "mutes", send: "sends", gain: "input" }, consoles: { mutegroup: "groups" } }

function opened(role = "engineer") {
  const world = openPage({ greeted: false })
  world.socket.open()
  const you = { ...CREW, role }
  world.socket.say(welcome({ you, people: [you] }))
  world.show = world.page.show
  return world
}

test("the crew's page asks for the list once; a musician's and a guest's never do, and see no recall", () => {
  assert.equal(opened().socket.of("scene").filter((frame) => frame.do === "list").length, 1)
  for (const role of ["musician", "guest"]) {
    const { socket, show } = opened(role)
    socket.say(FADING)
    assert.deepEqual([socket.of("scene").length, show.recall.value], [0, null])
  }
})

test("the list is what the server sent last, and a safe is known by its strip", () => {
  const { socket, show } = opened()
  assert.ok(!show.isKnown)
  socket.say(LIST)
  assert.equal(show.find(4).name, "Ballad")
  assert.deepEqual([show.safeOf("band/ch1"), show.safeOf("band/ch2")], [["levels"], []])
})

test("a recall is shown from the server's first word to the end of its way back", () => {
  const { socket, show, clock } = opened()
  socket.say(FADING)
  assert.equal(show.recall.value.left, 2)
  socket.say({ ...FADING, left: 0, done: 2, over: true, move: 9 })
  assert.equal(BACK_MS, 30_000)
  clock.pass(BACK_MS - 1)
  assert.ok(show.recall.value.over)
  clock.pass(1)
  assert.equal(show.recall.value, null)
})

test("a recall that changed nothing offers no way back, and an older one does not take the newest one's place", () => {
  const { socket, show } = opened()
  socket.say({ ...FADING, recall: 2 })
  socket.say(FADING)
  assert.equal(show.recall.value.recall, 2)
  socket.say({ ...FADING, recall: 2, over: true })
  assert.equal(show.recall.value, null)
})

test("a banner that was closed does not come back for the same recall, but for the next, and for any of a new server", () => {
  const { socket, show } = opened()
  const over = { ...FADING, over: true, move: 9 }
  socket.say(over)
  show.close()
  socket.say(over)
  assert.equal(show.recall.value, null)
  socket.say({ ...over, recall: 2 })
  assert.equal(show.recall.value.recall, 2)
  show.close()
  socket.say(welcome({ you: CREW, server: { epoch: "e2", page: "p1" } }))
  socket.say({ ...over, recall: 2 })
  assert.equal(show.recall.value.recall, 2)
})

test("somebody's undo of the recall ends the offer too, and so does a new start of the server", () => {
  const { socket, show } = opened()
  socket.say({ ...FADING, over: true, move: 9 })
  socket.say({ type: "moves", moves: [{ id: 10, cause: "undo", of: [9], mine: false, values: {} }] })
  assert.equal(show.recall.value, null)
  socket.say({ ...FADING, over: true, move: 9 })
  socket.say(welcome({ you: CREW, server: { epoch: "e2", page: "p1" } }))
  assert.equal(show.recall.value, null)
})

test("when the link is lost a recall that went on is no longer shown, for nobody knows whether it still does", () => {
  const { socket, show } = opened()
  socket.say(FADING)
  socket.cut()
  assert.equal(show.recall.value, null)
})

test("a target goes when a hand has taken its fader, and all go when the recall is over", () => {
  const { socket, show } = opened()
  show.targets.set(new Map([["band/ch1/fader", 0.5], ["band/ch2/fader", 0.6]]))
  socket.say({ ...FADING, lost: { "band/ch1/fader": "Bob moved it meanwhile." } })
  assert.deepEqual([...show.targets.value.keys()], ["band/ch2/fader"])
  socket.say({ ...FADING, over: true, move: 3 })
  assert.equal(show.targets.value.size, 0)
})

test("a way back that others stand in is said, and is forced by the second press", async () => {
  const { socket, show } = opened()
  const first = show.back()
  const { id } = socket.of("scene").at(-1)
  socket.say({ type: "error", id, code: "changed", path: null, text: "Bob moved Kick since." })
  assert.equal(await first, "Bob moved Kick since.")
  show.back(true)
  assert.equal(socket.of("scene").at(-1).force, true)
})

test("what the server refuses is done by nobody, and said", async () => {
  const { page, socket, show } = opened()
  const asked = show.ask("go")
  socket.say({ type: "error", id: socket.of("scene").at(-1).id, code: "nothing", path: null, text: "This was the last scene of the set list." })
  assert.equal(await asked, null)
  assert.equal(page.notices.latest.value.text, "This was the last scene of the set list.")
  socket.cut()
  assert.equal(await show.ask("go"), null)
})

test("GO leads to the scene after that where we are, from the start to the first", () => {
  assert.equal(nextOf(LIST).id, 4)
  assert.equal(nextOf({ ...LIST, current: 0 }).id, 1)
  assert.equal(nextOf({ ...LIST, current: 4 }), undefined)
  assert.deepEqual([previousOf({ ...LIST, current: 4 }).id, previousOf(LIST)], [1, undefined])
  assert.deepEqual([titleOf(LIST.scenes[1]), titleOf({ number: 0, name: "By itself" })], ["7 Ballad", "By itself"])
})

test("another order changes as few numbers as it can, and scenes without a number stay without", () => {
  const scenes = [[1, 1], [2, 2], [3, 5], [4, 0]].map(([id, number]) => ({ id, number }))
  assert.deepEqual(renumbered(scenes, 1, 0), [{ scene: 2, number: 1 }, { scene: 1, number: 2 }])
  assert.deepEqual(renumbered(scenes, 2, 1), [{ scene: 3, number: 2 }, { scene: 2, number: 3 }])
  assert.deepEqual(renumbered(scenes, 0, 1), [{ scene: 1, number: 3 }, ])
  assert.deepEqual(renumbered(scenes, 3, 2), [{ scene: 4, number: 3 }])
})

test("each param has the section of the server's table", () => {
  const paths = ["band/ch1/fader", "band/ch1/send/bus1/level", "band/mutegroup/1", "band/ch1/gain", "band/ch1/strange"]
  assert.deepEqual(paths.map((path) => sectionOf(TABLE, path)), ["levels", "sends", "groups", "input", "other"])
})

const PLAN = {
  values: { "band/ch2/fader": [0.2, 0.5], "band/ch1/fader": [0.1, 0.4], "band/ch1/gain": [0.3, 0.9], "foh/ch9/mute": [false, true] },
  stays: { "band/ch3/fader": { verdict: "safe", text: "This is safe." }, "band/ch1/mute": { verdict: "held", text: "Held." } },
}
const ORDER = ["band/ch1", "band/ch2", "band/ch3"]
const SCOPE = { consoles: null, strips: null, sections: ["levels", "mutes"] }

test("a plan stands in the order of the strips, and what no console has comes last", () => {
  assert.deepEqual(stripsOf(PLAN, ORDER).map(({ path }) => path), ["band/ch1", "band/ch2", "band/ch3", "foh/ch9"])
})

test("gain is counted beside the others and stays out until its section is ticked", () => {
  const strips = stripsOf(PLAN, ORDER)
  const ticks = new Ticks(TABLE, SCOPE, strips)
  assert.deepEqual(ticks.counts(strips), { levels: 2, mutes: 1, sends: 0, input: 1, groups: 0, other: 0 })
  assert.equal(chosenOf(strips, ticks).will, 3)
  ticks.toggleSection("input")
  assert.equal(chosenOf(strips, ticks).will, 4)
  assert.deepEqual(ticks.scope(strips), { consoles: null, strips: null, sections: ["levels", "mutes", "input"] })
})

test("a strip that is not ticked neither counts nor has a target, and is not in the scope that is sent", () => {
  const strips = stripsOf(PLAN, ORDER)
  const ticks = new Ticks(TABLE, SCOPE, strips)
  ticks.toggleStrip("band/ch1")
  const chosen = chosenOf(strips, ticks)
  assert.deepEqual([chosen.will, chosen.strips, [...chosen.targets.keys()]], [2, 2, ["band/ch2/fader"]])
  assert.deepEqual(ticks.scope(strips).strips, ["band/ch2", "band/ch3", "foh/ch9"])
})

test("a scene's own scope is what is ticked at first", () => {
  const strips = stripsOf(PLAN, ORDER)
  const some = (scope) => strips.filter(({ path }) => new Ticks(TABLE, { ...SCOPE, ...scope }, strips).hasStrip(path)).map(({ path }) => path)
  assert.deepEqual(some({ strips: ["band/ch2"] }), ["band/ch2"])
  assert.deepEqual(some({ consoles: ["foh"] }), ["foh/ch9"])
})

test("a strip on which nothing changes has the reason of what stays", () => {
  const strips = stripsOf(PLAN, ORDER)
  const ticks = new Ticks(TABLE, SCOPE, strips)
  assert.deepEqual(strips.map((strip) => stayOf(strip, ticks)?.[1].verdict), [undefined, undefined, "safe", undefined])
  ticks.toggleSection("levels")
  assert.equal(stayOf(strips[0], ticks)[1].verdict, "held")
  assert.deepEqual(chosenOf(strips, new Ticks(TABLE, SCOPE, strips)).stays, { held: 1, safe: 1 })
})
