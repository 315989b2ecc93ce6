import assert from "node:assert/strict"
import { test } from "node:test"
import { quickAsks, stateWords } from "../../ui/desk/requests.js"
import { openPage } from "./fakes.mjs"

const PATH = "band/ch1/send/bus1/level"
const ONE = { id: "r1", at: "2026-01-01T20:00:00Z", from: { person: "p", client: "c", name: "Ann" }, mix: "band/bus1", path: PATH, want: "more", count: 1, state: "sent", db: null, text: "", by: "" }

function world(...requests) {
  const opened = openPage()
  opened.tell = (...list) => opened.socket.say({ type: "requests", requests: list })
  if (requests.length) opened.tell(...requests)
  return opened
}

test("a push asks the server, and its refusal is said", async () => {
  const { page, socket } = world()
  const asked = page.requests.ask(PATH, "more")
  const [{ id, ...frame }] = socket.of("ask")
  assert.deepEqual(frame, { type: "ask", path: PATH, want: "more" })
  socket.say({ type: "error", id, code: "limit", path: PATH, text: "You have asked often: wait a little." })
  assert.equal(await asked, false)
  assert.match(page.notices.latest.value.text, /wait a little/)
})

test("without a link nothing is asked, and nothing is sent later", async () => {
  const { page, socket } = world()
  socket.cut()
  assert.equal(await page.requests.ask(PATH, "more"), false)
  assert.deepEqual(socket.of("ask"), [])
})

test("open requests are counted apart from answered ones", () => {
  const { page } = world(ONE, { ...ONE, id: "r2", state: "seen" }, { ...ONE, id: "r3", state: "granted", db: 2 })
  assert.deepEqual(page.requests.open.value.map(({ id }) => id), ["r1", "r2"])
})

test("what is before the crew's eyes is told as seen, once", () => {
  const { page, socket } = world(ONE)
  page.requests.show(page.requests.open.value)
  page.requests.show(page.requests.open.value)
  assert.deepEqual(socket.of("answer").map(({ id, ...frame }) => frame), [{ type: "answer", request: "r1", answer: "seen" }])
})

test("an answer is decibels, a no, or words", () => {
  const { page, socket } = world(ONE)
  for (const answer of [{ answer: "grant", db: 2 }, { answer: "decline" }, { answer: "message", text: "After this song" }]) page.requests.answer(ONE, answer)
  assert.deepEqual(socket.of("answer").map(({ answer, db, text }) => [answer, db, text]), [["grant", 2, undefined], ["decline", undefined, undefined], ["message", undefined, "After this song"]])
})

test("a request is news while it waits and for a while after its answer", () => {
  const { page, tell, clock, socket } = world(ONE)
  socket.say({ type: "you", you: { client: "me", role: "musician", mix: "band/bus1", rights: null } })
  assert.equal(page.requests.news(PATH).state, "sent")
  tell({ ...ONE, state: "granted", db: 2 })
  assert.equal(page.requests.news(PATH).state, "granted")
  assert.equal(page.notices.latest.value.text, "Ch 1: +2 dB, done")
  clock.pass(20_001)
  assert.equal(page.requests.news(PATH), undefined)
})

test("an answer of before this page was opened is no news", () => {
  const { page } = world({ ...ONE, state: "declined" })
  assert.equal(page.requests.news(PATH), undefined)
})

test("how a request stands is said in words", () => {
  const words = [{}, { state: "seen" }, { state: "granted", db: 2 }, { state: "granted", db: 2, want: "less" }, { state: "declined" }, { state: "answered", text: "Soon" }].map((more) => stateWords({ ...ONE, ...more }))
  assert.deepEqual(words, ["sent", "seen", "+2 dB, done", "−2 dB, done", "declined", "“Soon”"])
})

test("a grant of what is too loud goes down, of what is not heard up", () => {
  const words = ["more", "hear nothing", "less", "too loud", "less of all"].map((want) => stateWords({ ...ONE, want, state: "granted", db: 1 }))
  assert.deepEqual(words, ["+1 dB, done", "+1 dB, done", "−1 dB, done", "−1 dB, done", "−1 dB, done"])
})

test("quick asks are those that are of use in a mix and that its musician may make", () => {
  const mix = { path: "band/bus1", id: "bus1", has: (local) => local === "fader" }
  const strips = [{ path: "band/ch1" }, { path: "band/ch2" }]
  const names = { "band/ch1": "Voice", "band/ch2": "Click track" }
  const asks = (may) => quickAsks(mix, strips, (path) => names[path], may).map(({ want, path }) => `${want} ${path}`)
  const ofMix = ["too loud band/bus1/fader", "hear nothing band/bus1/fader", "less of all band/bus1/fader"]
  assert.deepEqual(asks(() => "move").sort(), [...ofMix, "more band/ch2/send/bus1/level"].sort())
  names["band/ch2"] = "Clicky"
  assert.deepEqual(asks(() => "ask").sort(), [...ofMix].sort())
  assert.deepEqual(asks(() => "look"), [])
})
