import assert from "node:assert/strict"
import { test } from "node:test"
import { takeInvitation } from "../../ui/desk/join.js"
import { openPage, welcome } from "./fakes.mjs"

const TOKEN = "A-token_of_22_letters1"
const ANNE = { role: "musician", name: "Anne", mix: "band/bus1", person: "p1", open: false, local: false }
const STRANGER = { role: "stranger", name: "", mix: "", person: null, open: false, local: false }
const invited = { token: TOKEN, to: "Mix 1" }
const outside = ({ here }) => here.door.outside.value
const state = ({ link }) => link.status.value.state

function place(hash) {
  const history = { said: [], replaceState: (...said) => history.said.push(said) }
  return [{ hash, pathname: "/", search: "?traffic" }, history]
}

test("an invitation is taken out of the address at once", () => {
  const [address, history] = place(`#join=${TOKEN}&to=Mix%201`)
  assert.deepEqual(takeInvitation(address, history), invited)
  assert.deepEqual(history.said, [[null, "", "/?traffic"]])
})

test("an address without an invitation stays as it is", () => {
  const [address, history] = place("#elsewhere")
  assert.equal(takeInvitation(address, history), null)
  assert.deepEqual(history.said, [])
})

test("nonsense in place of an invitation is taken out all the same, and invites nobody", () => {
  const [address, history] = place("#join=%3Cb%3E&to=" + "x".repeat(100))
  assert.deepEqual(takeInvitation(address, history), { token: "", to: "x".repeat(40) })
  assert.equal(history.said.length, 1)
})

test("a page without an invitation knocks at once, and is inside with the welcome", () => {
  const page = openPage()
  assert.equal(state(page), "online")
  assert.equal(outside(page), null)
})

test("a page that is not let in stops trying, says no error, and stands outside", () => {
  const page = openPage({ greeted: false })
  page.socket.open()
  page.socket.say({ type: "error", code: "forbidden", path: null, text: "Join first" })
  page.socket.cut(4003)
  page.clock.pass(60_000)
  page.link.nudge()
  page.link.hidden(false)
  assert.equal(page.sockets.length, 1)
  assert.equal(state(page), "outside")
  assert.deepEqual(outside(page), { invitation: null, words: "", me: null })
  assert.equal(page.here.notices.latest.value, null)
})

test("somebody who is removed reads why, and nothing of their finger outlives it", () => {
  const page = openPage()
  page.store.touch("band/ch1/fader")
  page.store.set("band/ch1/fader", 0.9)
  page.socket.say({ type: "bye", text: "The host has removed you." })
  page.socket.cut(4003)
  assert.equal(outside(page).words, "The host has removed you.")
  assert.equal(page.store.get("band/ch1/fader"), 0.5)
})

test("name and PIN lead in, the name is kept, and the link dials again for the whole desk", async () => {
  const page = openPage()
  page.socket.cut(4003)
  page.server.answers["POST join"] = { status: 201, body: ANNE }
  assert.equal((await page.here.door.join("Anne", "345678")).ok, true)
  assert.deepEqual(page.server.asked, [{ name: "POST join", body: { name: "Anne", pin: "345678" } }])
  assert.equal(page.here.prefs.name.value, "Anne")
  assert.equal(outside(page), null)
  page.socket.open()
  assert.deepEqual(page.socket.sent[0], { type: "hello", protocol: 1, client: "me", name: "Anne", device: "Test page" })
  page.socket.say(welcome())
  assert.equal(state(page), "online")
})

test("a wrong PIN says so and leaves the page outside; too many say how long to wait", async () => {
  const page = openPage()
  page.socket.cut(4003)
  page.server.answers["POST join"] = { status: 403, body: { code: "forbidden", text: "This is not the PIN.", path: null } }
  const wrong = await page.here.door.join("Anne", "000000")
  assert.deepEqual([wrong.ok, wrong.text, wrong.wait], [false, "This is not the PIN.", 0])
  page.server.answers["POST join"] = { status: 429, headers: { "Retry-After": "8" }, body: { code: "limit", text: "Too many tries.", path: null } }
  assert.equal((await page.here.door.join("Anne", "000001")).wait, 8)
  assert.equal(state(page), "outside")
})

test("a mixer that does not answer is said in a person's words", async () => {
  const page = openPage()
  page.socket.cut(4003)
  assert.match((await page.here.door.join("Anne", "345678")).text, /Wi-Fi/)
})

test("an invited page asks for no PIN and does not knock before it is answered", async () => {
  const page = openPage({ greeted: false, invitation: invited })
  page.server.answers["GET me"] = STRANGER
  await page.begun
  assert.equal(page.sockets.length, 0)
  page.server.answers["POST join"] = { status: 201, body: ANNE }
  await page.here.door.join("Anne")
  assert.deepEqual(page.server.asked.at(-1).body, { name: "Anne", invitation: TOKEN })
  assert.equal(page.sockets.length, 1)
})

test("an invitation is never kept on the device", async () => {
  const page = openPage({ greeted: false, invitation: invited })
  page.server.answers["POST join"] = { status: 201, body: ANNE }
  await page.here.door.join("Anne")
  assert.ok(![...page.storage.kept.values()].some((kept) => kept.includes(TOKEN)))
})

test("a used invitation says so, and the PIN may be typed instead", async () => {
  const page = openPage({ greeted: false, invitation: invited })
  page.server.answers["POST join"] = { status: 410, body: { code: "forbidden", text: "Used already: ask for a new one.", path: null } }
  await page.here.door.join("Anne")
  assert.deepEqual(outside(page), { invitation: null, words: "Used already: ask for a new one.", me: null })
})

test("who is inside already may stay as they are in spite of an invitation", async () => {
  const page = openPage({ greeted: false })
  page.server.answers["GET me"] = ANNE
  await page.here.door.begin(invited)
  assert.equal(outside(page).me.name, "Anne")
  page.here.door.stay()
  assert.equal(outside(page), null)
  assert.equal(state(page), "connecting")
})

test("signing out ends the link and says so; this very computer is its host again", async () => {
  const page = openPage()
  page.server.answers = { "POST leave": {}, "GET me": STRANGER }
  await page.here.door.leave()
  assert.equal(outside(page).words, "You have signed out.")
  page.server.answers["GET me"] = { ...STRANGER, role: "host", local: true }
  await page.here.door.look()
  assert.equal(outside(page), null)
})

test("a changed role is told to the person, and takes effect at once", () => {
  const page = openPage()
  page.socket.say({ type: "you", you: { ...welcome().you, role: "musician", mix: "band/bus1", rights: null } })
  assert.equal(page.here.people.you.value.role, "musician")
  assert.equal(page.here.notices.latest.value.text, "You are a musician now, in Mix 1.")
})

test("the page tells its round trip and dropouts every 5 seconds, and that it falls asleep", () => {
  const page = openPage()
  page.clock.pass(20)
  page.socket.say({ type: "pong", t: page.socket.of("ping")[0].t })
  assert.deepEqual(page.socket.of("here"), [{ type: "here", rtt: 20, dropouts: 0, awake: true }])
  for (let second = 0; second < 11; second += 1) {
    page.clock.pass(1000)
    page.socket.say({ type: "pong", t: page.socket.of("ping").at(-1).t })
  }
  assert.equal(page.socket.of("here").length, 3)
  page.here.presence.wake(false)
  assert.equal(page.socket.of("here").at(-1).awake, false)
})

test("a lost link counts as a dropout, being sent away does not", () => {
  const page = openPage()
  for (const code of [1006, 4003]) {
    page.socket.cut(code)
    if (code === 1006) page.clock.pass(0)
    else page.here.door.stay()
    page.socket.open()
    page.socket.say(welcome())
  }
  page.socket.say({ type: "pong", t: page.socket.of("ping")[0].t })
  assert.equal(page.socket.of("here")[0].dropouts, 1)
})
