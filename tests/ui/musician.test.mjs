import assert from "node:assert/strict"
import { test } from "node:test"
import { Mine, partOf } from "../../ui/desk/musician.js"
import { moreMe, Undo } from "../../ui/desk/moreme.js"
import { Taper } from "../../ui/desk/taper.js"
import { channelsOf, groupOfName, suggested, Together } from "../../ui/desk/ganged.js"
import { LAYOUT, openPage } from "./fakes.mjs"

const TAPER = new Taper(LAYOUT.tapers.fader)
const PARAM = { taper: TAPER }
const at = (db) => TAPER.position(db)
const db = (position) => Math.round(TAPER.unit(position) * 10) / 10
const MINE = { client: "me", role: "musician", mix: "band/bus1", rights: { sends: "move", fader: "move", mute: "move", ceiling: { send_db: 6, bus_db: 0 } } }
const SEND = "band/ch1/send/bus1/level"

function mineOf(you) {
  const mine = new Mine()
  mine.be(you)
  return mine
}

/** Sends by name: `{me: dB, …}`; the own one is "me". */
function sends(levels, most = at(6)) {
  return Object.entries(levels).map(([path, level]) => ({ path, own: path === "me", position: at(level), param: PARAM, most }))
}

const after = (moves) => Object.fromEntries(moves.map(({ path, to }) => [path, db(to)]))

test("a path belongs to a mix by its sends and its own fader and mute, and by nothing else", () => {
  const parts = { "band/ch1/send/bus1/level": "sends", "band/ch1/send/bus1/pan": "sends", "band/bus1/fader": "fader", "band/bus1/mute": "mute" }
  for (const [path, part] of Object.entries(parts)) assert.equal(partOf(path, "band/bus1"), part)
  for (const path of ["band/ch1/fader", "band/ch1/send/bus2/level", "band/ch1/send/bus1/tap", "band/bus1/name", "other/bus1/fader", "band/bus1/send/bus1/level/x"]) assert.equal(partOf(path, "band/bus1"), "", path)
})

test("a musician moves their own mix and nothing else; a guest looks; the sound crew moves all", () => {
  const may = (you) => [SEND, "band/bus1/fader", "band/ch1/fader"].map((path) => mineOf(you).may(path))
  assert.deepEqual(may(MINE), ["move", "move", "look"])
  assert.deepEqual(may({ ...MINE, rights: { ...MINE.rights, sends: "ask" } }), ["ask", "move", "look"])
  assert.deepEqual(may({ role: "guest", mix: "", rights: null }), ["look", "look", "look"])
  assert.deepEqual(may({ role: "engineer" }), ["move", "move", "move"])
})

test("which page it is follows the role, at once", () => {
  const { page, socket } = openPage()
  const pages = [MINE, { ...MINE, mix: "", rights: null }, { ...MINE, role: "engineer", mix: "", rights: null }].map((you) => {
    socket.say({ type: "you", you })
    return page.mine.page.value
  })
  assert.deepEqual(pages, ["mine", "waiting", "mixer"])
})

test("what is not granted cannot be touched, and why is said", () => {
  const { page, store, socket } = openPage()
  socket.say({ type: "you", you: { ...MINE, rights: { ...MINE.rights, sends: "look" } } })
  assert.equal(store.set(SEND, 0.2), false)
  assert.equal(store.touch("band/ch1/fader"), false)
  page.notices.inert(SEND)
  assert.match(page.notices.latest.value.text, /only view/)
})

test("the ceiling of a send and of the whole mix is a position, on the console's own steps", () => {
  const mine = mineOf(MINE)
  assert.equal(mine.most(SEND, PARAM), 0.9)
  assert.equal(mine.most("band/bus1/fader", PARAM), 0.75)
  const coarse = mine.most(SEND, { taper: TAPER, steps: 128 })
  assert.ok(TAPER.unit(coarse) <= 6 && coarse > 0.89)
  assert.equal(mineOf({ ...MINE, rights: { ...MINE.rights, ceiling: { send_db: null, bus_db: null } } }).most(SEND, PARAM), 1)
})

test("more me lifts the own send by 3 dB and lets every other down by 1", () => {
  assert.deepEqual(after(moreMe(sends({ me: -10, drums: -5, keys: 0 }))), { me: -7, drums: -6, keys: -1 })
})

test("more me never passes the ceiling, and goes on letting the others down there", () => {
  assert.deepEqual(after(moreMe(sends({ me: 5, drums: -5 }))), { me: 6, drums: -6 })
  assert.deepEqual(after(moreMe(sends({ me: 6, drums: -5 }))), { drums: -6 })
  assert.deepEqual(after(moreMe(sends({ me: 9, drums: -5 }))), { drums: -6 }, "what the crew put above it stays")
})

test("more me leaves off what is off, silences nobody, and brings an own send in that was off", () => {
  assert.deepEqual(after(moreMe(sends({ me: -Infinity, drums: -Infinity, keys: -89.5 }))), { me: -20 })
})

test("more me leaves alone what is not known", () => {
  assert.deepEqual(moreMe([{ path: "x", own: false, position: null, param: PARAM, most: 1 }]), [])
})

test("undo restores exactly what stood before, push by push", () => {
  const desk = { me: at(-10.03), drums: at(-5) }
  const undo = new Undo()
  const push = () => {
    const moves = moreMe(Object.entries(desk).map(([path, position]) => ({ path, own: path === "me", position, param: PARAM, most: 1 })))
    undo.keep(moves)
    for (const { path, to } of moves) desk[path] = to
  }
  const before = { ...desk }
  push()
  const between = { ...desk }
  push()
  for (const stood of [between, before]) {
    Object.assign(desk, undo.back((path) => desk[path], () => undefined).values)
    assert.deepEqual(desk, stood)
  }
  assert.equal(undo.possible, false)
})

test("undo lets be what others have moved since", () => {
  const undo = new Undo()
  undo.keep(moreMe(sends({ me: -10, drums: -5 })))
  const { values, left } = undo.back((path) => (path === "me" ? at(-7) : at(0)), () => undefined)
  assert.deepEqual([values, left], [{ me: at(-10) }, 1])
})

test("a channel's name says which group it is for", () => {
  const names = { "Kick in": "Drums", Bassdrum: "Drums", "OH L": "Drums", Overheads: "Drums", Bass: "Bass", "Gtr L": "Guitars", "Vox lead": "Vocals", "BV 2": "Vocals", Voices: "Vocals", "Keys 1": "Keys", John: null, Ohm: null }
  for (const [name, group] of Object.entries(names)) assert.equal(groupOfName(name), group, name)
})

test("groups of two and more are suggested", () => {
  const strips = ["Kick", "Snare", "Bass", "Vox", "Voice 2"].map((name) => ({ path: name, name }))
  assert.deepEqual(suggested(strips), [{ name: "Drums", members: ["Kick", "Snare"] }, { name: "Vocals", members: ["Vox", "Voice 2"] }])
})

test("whose channels a mix is named after is read from their names, else they are the only ones of their kind", () => {
  const strips = ["Kick", "Snare", "Bass", "Anna Vox", "Keys"].map((name) => ({ path: name, name }))
  const own = { Anna: ["Anna Vox"], Singer: ["Anna Vox"], Bassist: ["Bass"], Drummer: [], "Kick in": ["Kick"], "Mix 1": [] }
  for (const [mix, channels] of Object.entries(own)) assert.deepEqual(channelsOf(mix, strips), channels, mix)
})

/** A group over a desk in memory, whose levels are in dB. */
function groupOf(levels, most = 0.9) {
  const desk = Object.fromEntries(Object.entries(levels).map(([path, level]) => [path, at(level)]))
  const group = new Together(Object.keys(levels), PARAM, (path) => desk[path], () => most)
  const go = (level) => Object.assign(desk, group.move(at(level)))
  return { desk, group, go, levels: () => Object.values(desk).map(db) }
}

test("a group's cap stands where its loudest does, and moves all by the same decibels", () => {
  const { group, go, levels } = groupOf({ kick: -5, snare: -10, hat: -20 })
  assert.equal(db(group.position), -5)
  group.begin()
  go(-8)
  assert.deepEqual(levels(), [-8, -13, -23])
})

test("what meets the bottom comes back with its balance, also by a later touch", () => {
  const { group, go, levels } = groupOf({ kick: -5, hat: -30 })
  group.begin()
  go(-75)
  assert.deepEqual(levels(), [-75, -Infinity])
  go(-Infinity)
  assert.deepEqual(levels(), [-Infinity, -Infinity])
  group.begin()
  go(-5)
  assert.deepEqual(levels(), [-5, -30])
})

test("what somebody moved meanwhile counts from where it stands now", () => {
  const { group, go, desk, levels } = groupOf({ kick: -5, hat: -30 })
  group.begin()
  go(-75)
  desk.hat = at(-80)
  group.begin()
  go(-65)
  assert.deepEqual(levels(), [-65, -70])
})

test("in a group what is off stays off, unless all are", () => {
  const some = groupOf({ kick: -5, hat: -Infinity })
  some.group.begin()
  some.go(0)
  assert.deepEqual(some.levels(), [0, -Infinity])
  assert.deepEqual(Object.keys(some.group.move(at(0))), ["kick"], "and nothing is sent of it")
  const none = groupOf({ kick: -Infinity, hat: -Infinity })
  none.group.begin()
  none.go(-20)
  assert.deepEqual(none.levels(), [-20, -20])
})

test("no member of a group passes the ceiling", () => {
  const { group, go, levels } = groupOf({ kick: 0, hat: -2 })
  group.begin()
  go(10)
  assert.deepEqual(levels(), [6, 6])
  go(0)
  assert.deepEqual(levels(), [0, -2])
})

test("a limit under a finger sets the cap back, and the finger keeps its hold", () => {
  const { store, socket, frame } = openPage()
  store.touch(SEND)
  store.set(SEND, 0.9)
  frame()
  socket.say({ type: "error", id: 1, code: "limit", path: SEND, text: "The limit here is +3.0 dB." })
  assert.equal(store.get(SEND), undefined, "the truth: this console has not told")
  assert.ok(store.touched(SEND))
  store.set(SEND, 0.6)
  store.release(SEND)
  assert.deepEqual(socket.of("set").at(-1).values, { [SEND]: 0.6 })
})

test("a page that had a musician's mix opens on it before the server has spoken", () => {
  const world = openPage()
  world.socket.say({ type: "you", you: MINE })
  const kept = JSON.parse(world.storage.getItem("remote-mixer.page"))
  assert.equal(new Mine(kept).page.value, "mine")
})

test("what never arrived is not said to have been moved by somebody else", () => {
  const undo = new Undo()
  undo.keep([{ path: "me", from: 0.5, to: 0.6 }, { path: "drums", from: 0.5, to: 0.4 }])
  assert.deepEqual(undo.back(() => 0.5, () => undefined), { values: {}, left: 0 })
})
