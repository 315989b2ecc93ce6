import assert from "node:assert/strict"
import { test } from "node:test"
import { moveText, SHOWN_MS } from "../../ui/desk/history.js"
import { MoveList } from "../../ui/desk/moves.js"
import { stepsIn } from "../../ui/desk/steps.js"
import { openPage, welcome } from "./fakes.mjs"

const FADER = "band/ch1/fader"
const AT = "2026-01-01T20:00:00.000Z"
const move = (id, values, more = {}) => ({ id, at: AT, by: { kind: "client", id: "me", name: "Mine" }, cause: "hand", values, of: [], mine: true, undone: false, ...more })
const ended = (socket, ...moves) => socket.say({ type: "moves", moves, id: null })

test("a page that is welcomed gets each move as it ends, a guest's does not ask", () => {
  const { socket } = openPage()
  assert.deepEqual(socket.of("history").map(({ id, ...frame }) => frame), [{ type: "history", limit: 0 }])
  socket.say({ type: "you", you: { client: "me", role: "guest", rights: null } })
  assert.equal(socket.of("history").length, 1)
})

test("an own move is shown for six seconds, somebody else's is not", () => {
  const { page, socket, clock } = openPage()
  page.link.hidden(true) // sends no pings, which nobody answers here
  ended(socket, move(1, { [FADER]: [0.5, 0.75] }, { mine: false }))
  assert.equal(page.history.latest.value, null)
  ended(socket, move(2, { [FADER]: [0.5, 0.75] }))
  assert.equal(page.history.latest.value.text, "Ch 1 −10.0 → 0.0")
  assert.equal(SHOWN_MS, 6000)
  clock.pass(SHOWN_MS - 1)
  assert.notEqual(page.history.latest.value, null)
  clock.pass(2)
  assert.equal(page.history.latest.value, null)
})

test("what somebody moved since is said, and can be put back anyway", async () => {
  const { page, socket } = openPage()
  const asked = page.history.undo()
  const [{ id }] = socket.of("undo")
  socket.say({ type: "error", id, code: "changed", path: FADER, text: "FOH tablet moved Kick since.", by: "FOH tablet", move: 7, skipped: [] })
  assert.equal((await asked).code, "changed")
  assert.deepEqual(page.history.latest.value, { text: "FOH tablet moved Kick since.", move: 7, force: true })
  assert.equal(page.notices.latest.value, null)
})

test("nothing to undo is said, and without a link nothing is sent later", async () => {
  const { page, socket } = openPage()
  const asked = page.history.undo()
  socket.say({ type: "error", id: socket.of("undo")[0].id, code: "nothing", path: null, text: "There is nothing of yours to undo." })
  await asked
  assert.match(page.notices.latest.value.text, /nothing of yours/)
  socket.cut()
  assert.equal(await page.history.undo(), null)
  assert.equal(socket.of("undo").length, 1)
})

test("a list shows the newest moves, fetches older ones, and marks what is put back", async () => {
  const { page, socket } = openPage()
  const list = new MoveList(page)
  const chosen = list.choose()
  const answer = (moves) => socket.say({ type: "moves", id: socket.of("history").at(-1).id, moves })
  const full = Array.from({ length: 50 }, (_, at) => move(at + 8, { [FADER]: [0.5, 0.6] }))
  answer(full)
  await chosen
  assert.deepEqual([list.hasOlder.value, list.isWhole], [true, false])
  const older = list.older()
  assert.equal(socket.of("history").at(-1).before, 8)
  answer([move(7, { [FADER]: [0.4, 0.5] })])
  await older
  assert.deepEqual([list.moves.value.length, list.moves.value[0].id, list.isWhole], [51, 7, true])
  ended(socket, move(58, { [FADER]: [0.7, 0.6] }, { cause: "undo", of: [57] }))
  assert.deepEqual(list.moves.value.slice(-2).map(({ id, undone }) => [id, undone]), [[57, true], [58, false]])
  ended(socket, move(59, { [FADER]: [0.6, 0.7] }, { cause: "redo", of: [57] }))
  assert.equal(list.moves.value.at(-3).undone, false)
  list.close()
  ended(socket, move(60, { [FADER]: [0.6, 0.7] }))
  assert.equal(list.moves.value.at(-1).id, 59)
})

test("a choice among the moves is asked of the server, and of new ones only those that fit are shown", async () => {
  const { page, socket } = openPage()
  const list = new MoveList(page)
  const asked = () => socket.of("history").at(-1)
  const slow = list.choose()
  const slowly = asked().id
  const chosen = list.choose({ by: "Mine", path: "band/ch1", last: 600 })
  const { by, path, last, before } = asked()
  assert.deepEqual({ by, path, last, before }, { by: "Mine", path: "band/ch1", last: 600, before: undefined })
  socket.say({ type: "moves", id: asked().id, moves: [move(3, { [FADER]: [0, 1] })] })
  socket.say({ type: "moves", id: slowly, moves: [move(1, { "band/ch2/fader": [0, 1] })] })
  await Promise.all([slow, chosen])
  assert.deepEqual(list.moves.value.map(({ id }) => id), [3], "an answer to the choice before comes too late")
  ended(socket, move(4, { "band/ch10/fader": [0, 1] }), move(5, { [FADER]: [1, 0] }, { by: { kind: "client", id: "you", name: "Yours" } }), move(6, { [FADER]: [1, 0] }))
  assert.deepEqual(list.moves.value.map(({ id }) => id), [3, 6])
})

test("a move is named by its strip, and by its count where it has many controls", () => {
  const { page } = openPage()
  const named = (values) => moveText(page, move(1, values))
  assert.equal(named({ "band/ch1/mute": [false, true] }), "Ch 1 on → muted")
  assert.equal(named({ "band/ch1/send/bus1/level": [0, 0.75] }), "Ch 1 in Mix 1 −∞ → 0.0")
  assert.equal(named({ [FADER]: [0, 1], "band/ch1/mute": [false, true] }), "Ch 1: 2 controls")
  assert.equal(named({ [FADER]: [0, 1], "band/ch2/fader": [0, 1] }), "2 controls")
  assert.equal(named({ [FADER]: [null, 0.75] }), "Ch 1 ? → 0.0")
})

test("a group's move is named by the group, with the number of its members", () => {
  const { page } = openPage()
  const named = (values) => moveText(page, move(1, values, { cause: "group" }))
  assert.equal(named({ [FADER]: [0, 0.75], "band/ch2/fader": [0, 1], "foh/ch1/fader": [0, 1] }), "Ch 1 −∞ → 0.0, 2 members")
  assert.equal(named({ "house/mutegroup/2": [false, true], "band/ch2/mute": [false, true] }), "Mute 2 off → on, 1 member")
  assert.equal(named({ "house/mutegroup/2/members": ["", "band/ch1"] }), "Mute 2: members")
  assert.equal(named({ "house/mutegroup/2/exists": [false, true] }), "Mute 2 made")
  assert.equal(named({ "house/dca3/exists": [true, false] }), "DCA 3 deleted")
})

test("after a lost link the moves are followed again", () => {
  const world = openPage()
  world.socket.cut()
  world.clock.pass(1)
  world.socket.open()
  world.socket.say({ ...welcome({ values: {} }), type: "resume", consoles: undefined, meters: undefined })
  assert.equal(world.sockets.length, 2)
  assert.equal(world.socket.of("history").length, 1)
})

test("undo and redo say whether there is anything of one's own to take back", () => {
  assert.deepEqual(stepsIn([]), { undo: false, redo: false })
  assert.deepEqual(stepsIn([move(1, {}, { mine: false })]), { undo: false, redo: false })
  assert.deepEqual(stepsIn([move(1, {})]), { undo: true, redo: false })
  const undone = [move(1, {}, { undone: true }), move(2, {}, { cause: "undo", of: [1] })]
  assert.deepEqual(stepsIn(undone), { undo: false, redo: true })
  assert.deepEqual(stepsIn([...undone, move(3, {})]), { undo: true, redo: false }, "a new move ends the redo")
  assert.deepEqual(stepsIn([move(1, {}), move(2, {}, { cause: "undo", of: [1] }), move(3, {}, { cause: "redo", of: [1] })]), { undo: true, redo: false })
})
