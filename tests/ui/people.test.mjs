import assert from "node:assert/strict"
import { test } from "node:test"
import { ago, folkOf, isHere, pageWords } from "../../ui/desk/people.js"
import { grantWords, Policy, railWords } from "../../ui/desk/policy.js"
import { wifiText } from "../../ui/desk/wifi.js"
import { VOCABULARY } from "./fakes.mjs"

const NOW = Date.parse("2026-03-01T20:00:00Z")
const page = (client, person, more = {}) => ({ client, person, name: "Anne", color: "red", initials: "AN", role: "musician", mix: "band/bus1", ...more })
const ANNE = { id: "a1", name: "Anne", role: "musician", mix: "band/bus1", at: "2026-03-01T18:00:00Z", seen: "2026-03-01T19:00:00Z", here: [{ client: "c1", device: "iPhone", rtt: 12, dropouts: 3, awake: true, touched: "2026-03-01T19:58:00Z" }] }
const BOB = { ...ANNE, id: "b1", name: "Bob", role: "engineer", mix: "", here: [] }
const policyOf = (form) => new Policy(form, VOCABULARY)
const EMPTY = policyOf({ grants: {}, ceilings: {}, rails: [] })

test("somebody with several pages stands once, with all of them", () => {
  const [anne, ...others] = folkOf({ people: [ANNE], pages: [{ client: "w1", device: "Window", rtt: 1 }] }, [page("c1", "a1"), page("c2", "a1")], "c2")
  assert.equal(others.length, 0)
  assert.deepEqual(anne.pages.map(({ client, device }) => [client, device]), [["c1", "iPhone"], ["c2", undefined]])
  assert.equal(anne.you, true)
})

test("without the door's own list pages of one person stand once all the same", () => {
  const folk = folkOf(null, [page("c1", "a1"), page("c2", "a1"), page("c3", "b1", { name: "Bob" })], "c3")
  assert.deepEqual(folk.map(({ name, pages, id }) => [name, pages.length, id]), [["Anne", 2, null], ["Bob", 1, null]])
})

test("pages that came in by no door stand each for itself", () => {
  const folk = folkOf({ people: [ANNE], pages: [{ client: "w1", device: "Window", rtt: 1 }] }, [page("w1", null, { name: "Window" }), page("w2", null, { name: "Window" })], "w1")
  assert.deepEqual(folk.map(({ key }) => key), ["page w1", "page w2", "a1"])
  assert.deepEqual(folk.map(({ pages }) => pages[0]?.device), ["Window", undefined, undefined])
})

test("who is here comes first, who is not stands below", () => {
  const folk = folkOf({ people: [BOB, ANNE], pages: [] }, [page("c1", "a1")], "x")
  assert.deepEqual(folk.map((one) => [one.name, isHere(one)]), [["Anne", true], ["Bob", false]])
})

test("a page's words say its device, link and last move, and what is amiss", () => {
  assert.equal(pageWords(ANNE.here[0], NOW), "iPhone · 12 ms · 3 dropouts · moved 2 min ago")
  assert.equal(pageWords({ device: "iPad", rtt: 9, dropouts: 1, awake: false, touched: null }, NOW), "iPad · 1 dropout · asleep")
  assert.equal(pageWords({ device: "", rtt: null }, NOW), "")
})

test("how long ago is said roughly, and never in the future", () => {
  const cases = { "20:00:05": "just now", "19:59:55": "just now", "19:59:20": "40 s ago", "19:30:00": "30 min ago", "15:00:00": "5 h ago" }
  for (const [time, words] of Object.entries(cases)) assert.equal(ago(`2026-03-01T${time}Z`, NOW), words)
  assert.equal(ago("2026-02-28T19:00:00Z", NOW), "1 day ago")
})

test("where nothing was decided a musician moves their mix and a guest looks", () => {
  assert.equal(EMPTY.grant("band/bus1", "musician").sends, "move")
  assert.equal(EMPTY.grant("band/bus1", "guest").fader, "look")
  assert.equal(EMPTY.ceiling("band/bus1").bus_db, 6)
})

test("a grant that is changed leaves all others as they were", () => {
  const first = EMPTY.withGrant("band/bus1", "musician", "fader", "ask")
  const both = policyOf(first).withGrant("band/bus1", "guest", "sends", "ask")
  assert.deepEqual(both.grants["band/bus1"], { musician: { sends: "move", fader: "ask", mute: "move" }, guest: { sends: "ask", fader: "look", mute: "look" } })
  assert.deepEqual(EMPTY.form.grants, {})
})

test("a ceiling can be taken away", () => {
  const without = EMPTY.withCeiling("band/bus1", "send_db", null)
  assert.deepEqual(policyOf(without).ceiling("band/bus1"), { send_db: null, bus_db: 6 })
})

test("a guard rail holds one limit, and goes as it came", () => {
  const muted = EMPTY.withRail({ place: "*/main/mute", limit: "only_mute", number: 0, roles: ["guest"] })
  const both = policyOf(muted).withRail({ place: "*/main/fader", limit: "most_db", number: 3, roles: ["engineer"] })
  assert.deepEqual(both.rails, [{ paths: "*/main/mute", roles: ["guest"], only_mute: true }, { paths: "*/main/fader", roles: ["engineer"], most_db: 3 }])
  assert.deepEqual(policyOf(both).withoutRail(0).rails.length, 1)
})

test("guard rails and grants are told in plain words", () => {
  const words = (rail) => railWords({ most_db: null, rise_db: null, only_mute: false, ...rail }, VOCABULARY.roles)
  assert.deepEqual(words({ paths: "*/main/mute", roles: ["engineer", "guest"], only_mute: true }), { what: "Main mute: mute only, no unmute", whom: "Engineers, Guests" })
  assert.equal(words({ paths: "foh/ch1/fader", roles: ["host"], most_db: 3, rise_db: 12 }).what, "foh/ch1/fader: max. +3 dB, max. rise 12 dB per second")
  assert.equal(words({ paths: "*/send/*/level", roles: ["guest"], most_db: -6 }).what, "Sends: max. −6 dB")
  assert.equal(grantWords({ sends: "move", fader: "ask", mute: "move" }), "Move: sends, mute · Ask: level")
})

test("a Wi-Fi's name and password may hold any sign", () => {
  assert.equal(wifiText("Stage", "secret"), "WIFI:T:WPA;S:Stage;P:secret;;")
  assert.equal(wifiText('a;b,c:d"e\\f', "x;y"), 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:x\\;y;;')
  assert.equal(wifiText("Open", ""), "WIFI:T:nopass;S:Open;;")
})
