import assert from "node:assert/strict"
import { test } from "node:test"
import { plainDigits, takeInvitation } from "../../ui/desk/join.js"
import { openPage, welcome } from "./fakes.mjs"

const TOKEN = "A-token_of_22_letters1"
const ANNE = { role: "musician", name: "Anne", mix: "band/bus1", person: "p1", open: false, local: false }
const STRANGER = { role: "stranger", name: "", mix: "", person: null, open: false, local: false }
const invited = { token: TOKEN, to: "Mix 1" }
const outside = ({ page }) => page.join.outside.value
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
  const world = openPage()
  assert.equal(state(world), "online")
  assert.equal(outside(world), null)
})

test("a page that is not let in stops trying, says no error, and stands outside", () => {
  const world = openPage({ greeted: false })
  world.socket.open()
  world.socket.say({ type: "error", code: "forbidden", path: null, text: "Join first" })
  world.socket.cut(4003)
  world.clock.pass(60_000)
  world.link.nudge()
  world.link.hidden(false)
  assert.equal(world.sockets.length, 1)
  assert.equal(state(world), "outside")
  assert.deepEqual(outside(world), { invitation: null, words: "", me: null })
  assert.equal(world.page.notices.latest.value, null)
})

test("somebody who is removed reads why, and nothing of their finger outlives it", () => {
  const world = openPage()
  world.store.touch("band/ch1/fader")
  world.store.set("band/ch1/fader", 0.9)
  world.socket.say({ type: "bye", text: "The host has removed you." })
  world.socket.cut(4003)
  assert.equal(outside(world).words, "The host has removed you.")
  assert.equal(world.store.get("band/ch1/fader"), 0.5)
})

test("name and PIN lead in, the name is kept, and the link dials again for the whole desk", async () => {
  const world = openPage()
  world.socket.cut(4003)
  world.server.answers["POST join"] = { status: 201, body: ANNE }
  assert.equal((await world.page.join.enter("Anne", "345678")).ok, true)
  assert.deepEqual(world.server.asked, [{ name: "POST join", body: { name: "Anne", pin: "345678" } }])
  assert.equal(world.page.prefs.name.value, "Anne")
  assert.equal(outside(world), null)
  world.socket.open()
  assert.deepEqual(world.socket.sent[0], { type: "hello", protocol: 1, client: "me", name: "Anne", device: "Test page" })
  world.socket.say(welcome())
  assert.equal(state(world), "online")
})

test("a wrong PIN says so and leaves the page outside; too many say how long to wait", async () => {
  const world = openPage()
  world.socket.cut(4003)
  world.server.answers["POST join"] = { status: 403, body: { code: "forbidden", text: "This is not the PIN.", path: null } }
  const wrong = await world.page.join.enter("Anne", "000000")
  assert.deepEqual([wrong.ok, wrong.text, wrong.wait], [false, "This is not the PIN.", 0])
  world.server.answers["POST join"] = { status: 429, headers: { "Retry-After": "8" }, body: { code: "limit", text: "Too many tries.", path: null } }
  assert.equal((await world.page.join.enter("Anne", "000001")).wait, 8)
  assert.equal(state(world), "outside")
})

test("a mixer that does not answer is said in a person's words", async () => {
  const world = openPage()
  world.socket.cut(4003)
  assert.match((await world.page.join.enter("Anne", "345678")).text, /Wi-Fi/)
})

test("an invited page asks for no PIN and does not knock before it is answered", async () => {
  const world = openPage({ greeted: false, invitation: invited })
  world.server.answers["GET me"] = STRANGER
  await world.begun
  assert.equal(world.sockets.length, 0)
  world.server.answers["POST join"] = { status: 201, body: ANNE }
  await world.page.join.enter("Anne")
  assert.deepEqual(world.server.asked.at(-1).body, { name: "Anne", invitation: TOKEN })
  assert.equal(world.sockets.length, 1)
})

test("an invitation is never kept on the device", async () => {
  const world = openPage({ greeted: false, invitation: invited })
  world.server.answers["POST join"] = { status: 201, body: ANNE }
  await world.page.join.enter("Anne")
  assert.ok(![...world.storage.kept.values()].some((kept) => kept.includes(TOKEN)))
})

test("a used invitation says so, and the PIN may be typed instead", async () => {
  const world = openPage({ greeted: false, invitation: invited })
  world.server.answers["POST join"] = { status: 410, body: { code: "forbidden", text: "Used already: ask for a new one.", path: null } }
  await world.page.join.enter("Anne")
  assert.deepEqual(outside(world), { invitation: null, words: "Used already: ask for a new one.", me: null })
})

test("who is inside already may stay as they are in spite of an invitation", async () => {
  const world = openPage({ greeted: false })
  world.server.answers["GET me"] = ANNE
  await world.page.join.begin(invited)
  assert.equal(outside(world).me.name, "Anne")
  world.page.join.stay()
  assert.equal(outside(world), null)
  assert.equal(state(world), "connecting")
})

test("signing out ends the link and says so; this very computer is its host again", async () => {
  const world = openPage()
  world.server.answers = { "POST leave": {}, "GET me": STRANGER }
  await world.page.join.leave()
  assert.equal(outside(world).words, "You have signed out.")
  world.server.answers["GET me"] = { ...STRANGER, role: "host", local: true }
  await world.page.join.check()
  assert.equal(outside(world), null)
})

test("a changed role is told to the person, and takes effect at once", () => {
  const world = openPage()
  world.socket.say({ type: "you", you: { ...welcome().you, role: "musician", mix: "band/bus1", rights: null } })
  assert.equal(world.page.people.you.value.role, "musician")
  assert.equal(world.page.notices.latest.value.text, "You are now a musician in Mix 1.")
})

test("the page tells its round trip and dropouts every 5 seconds, and that it falls asleep", () => {
  const world = openPage()
  world.clock.pass(20)
  world.socket.say({ type: "pong", t: world.socket.of("ping")[0].t })
  assert.deepEqual(world.socket.of("here"), [{ type: "here", rtt: 20, dropouts: 0, awake: true }])
  for (let second = 0; second < 11; second += 1) {
    world.clock.pass(1000)
    world.socket.say({ type: "pong", t: world.socket.of("ping").at(-1).t })
  }
  assert.equal(world.socket.of("here").length, 3)
  world.page.presence.wake(false)
  assert.equal(world.socket.of("here").at(-1).awake, false)
})

test("a lost link counts as a dropout, being sent away does not", () => {
  const world = openPage()
  for (const code of [1006, 4003]) {
    world.socket.cut(code)
    if (code === 1006) world.clock.pass(0)
    else world.page.join.stay()
    world.socket.open()
    world.socket.say(welcome())
  }
  world.socket.say({ type: "pong", t: world.socket.of("ping")[0].t })
  assert.equal(world.socket.of("here")[0].dropouts, 1)
})

const TYPED = ["314159", "٣١٤١٥٩", "۳۱۴۱۵۹", "３１４１５９", "३१४१५९", "๓๑๔๑๕๙", " 314 159 ", "\u200f٣١٤-١٥٩", "3１٤۱५๙"]

for (const text of TYPED) {
	test(`a PIN typed as ${text} is read`, () => assert.equal(plainDigits(text), "314159"))
}

test("what is no digit falls away", () => assert.equal(plainDigits("a٫½²Ⅳ一x"), ""))
