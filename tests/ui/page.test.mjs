import assert from "node:assert/strict"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { test } from "node:test"
import { layersOf, stripsAcross, stripsShown } from "../../ui/desk/layers.js"
import { deviceName, freshUuid, initialsOf } from "../../ui/desk/people.js"
import { openPrefs } from "../../ui/desk/prefs.js"
import { roadsOf } from "../../ui/desk/consoles.js"
import { openPage, VOCABULARY, welcome } from "./fakes.mjs"

const UI = new URL("../../ui/", import.meta.url)
const filesUnder = (folder) => readdirSync(new URL(folder, UI), { recursive: true }).map((name) => new URL(`${folder}${name}`, UI)).filter((url) => statSync(url).isFile())

test("a first visit has a friendly name", () => {
  const agents = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1": "iPhone",
    "Mozilla/5.0 (Linux; Android 15; Pixel) Chrome/140.0 Mobile Safari/537.36": "Android phone",
    "Mozilla/5.0 (Linux; Android 15; Tab) Chrome/140.0 Safari/537.36": "Android tablet",
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0": "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605": "Safari on Mac",
  }
  for (const [agent, name] of Object.entries(agents)) assert.equal(deviceName(agent), name)
  assert.equal(deviceName("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari", 5), "iPad")
})

test("initials come from the first two words", () => {
  assert.deepEqual(["FOH tablet", "anna", "", "Ö b c", "👩 b"].map(initialsOf), ["FT", "AN", "?", "ÖB", "👩B"])
})

test("a client's id is a version 4 uuid", () => {
  assert.equal(freshUuid((bytes) => bytes.fill(255)), "ffffffff-ffff-4fff-bfff-ffffffffffff")
})

test("a page whose storage is refused works all the same", () => {
  const prefs = openPrefs(null)
  prefs.theme.set("light")
  assert.equal(prefs.theme.value, "light")
})

test("layers are all, by kind, and own ones in the order of their choice", () => {
  const { page } = openPage()
  const consoles = page.consoles.list.value
  const layers = layersOf(consoles, [{ id: "own1", name: "Mine", items: ["band/bus1", { separator: "" }, "band/ch2", "band/gone"] }], VOCABULARY.kinds)
  const ids = (layer, mix = null) => stripsShown(consoles, layer, mix).map(({ id }) => id)
  assert.deepEqual(layers.map(({ name }) => name), ["All", "Channels", "Mixes", "Mine"])
  assert.deepEqual(ids(layers[0]), ["ch1", "ch2", "bus1"])
  assert.deepEqual(ids(layers[2]), ["bus1"])
  assert.deepEqual(ids(layers[3]), ["bus1", "ch2"])
})

test("a mix shows the strips that send into its bus, by their sends", () => {
  const { page } = openPage()
  const bus = page.consoles.strip("band/bus1")
  const [only] = stripsShown(page.consoles.list.value, null, bus)
  assert.equal(only.id, "ch1")
  assert.deepEqual(roadsOf(only, bus).level, "send/bus1/level")
  assert.equal(roadsOf(bus, bus).level, "fader")
})

test("four strips fit beside main on a phone held upright, eight on one held sideways", () => {
  assert.equal(stripsAcross(390 - 78, 1, "upright"), 4)
  assert.equal(stripsAcross(360 - 72, 1, "upright"), 4)
  assert.equal(stripsAcross(844 - 68 - 88, 1, "sideways"), 8)
  assert.equal(stripsAcross(568 - 68 - 88, 1, "sideways"), 5)
})

test("strips move a little closer when that brings all of them in sight", () => {
  assert.equal(stripsAcross(1324, 1, "wide", 16), 16)
  assert.equal(stripsAcross(1324, 1, "wide", 30), 15)
  assert.equal(stripsAcross(1324, 1, "wide", 4), 15)
  assert.deepEqual([8, 16, 24].map((wanted) => stripsAcross(1804, 1, "wide", 64, wanted)), [8, 16, 24])
  assert.equal(stripsAcross(1324, 1, "wide", 64, 24), 24)
  assert.equal(stripsAcross(908, 1, "wide", 64, 24), 16, "as many of them as there is room for")
  assert.equal(stripsAcross(390 - 78, 1, "upright", 64, 24), 4, "a phone has its own number")
})

test("messages are unread until the panel is open, and mine leave the sending row", () => {
  const { page, socket } = openPage()
  const said = (id, client, text) => socket.say({ type: "message", id, at: "2026-01-01T00:00:00Z", from: { client, name: "X" }, text })
  said(1, "foh", "hello")
  assert.equal(page.messages.unread.value, 1)
  page.messages.say("yes")
  assert.equal(page.messages.sending.value.length, 1)
  page.messages.reading(true)
  said(2, "me", "yes")
  assert.equal(page.messages.sending.value.length, 0)
  assert.equal(page.messages.unread.value, 0)
})

test("what was being said when the link went is shown as perhaps not sent", () => {
  const { page, socket } = openPage()
  page.messages.say("more vocals")
  socket.cut()
  assert.deepEqual(page.messages.sending.value, [{ id: "say1", text: "more vocals", trouble: "connection lost: may not be sent" }])
})

test("what the server did not take is shown as not sent, and others stay on their way", () => {
  const { page, socket } = openPage()
  page.messages.say("too long")
  page.messages.say("short")
  socket.say({ type: "error", id: socket.of("say")[0].id, code: "limit", path: null, text: "At most 4000." })
  assert.deepEqual(page.messages.sending.value.map(({ trouble }) => trouble), ["not sent", ""])
})

test("an open page hears where the mixer is found now, and by which name", () => {
  const { page, socket } = openPage()
  const drawn = []
  page.addresses.watch((addresses) => drawn.push(addresses.map(({ url }) => url)))
  socket.say({ type: "join", addresses: [{ interface: "wlan0", url: "http://10.0.0.4:5001/" }], name: "remote-mixer-2.local" })
  assert.deepEqual(drawn, [[], ["http://10.0.0.4:5001/"]])
  assert.equal(page.localName.value, "remote-mixer-2.local")
  socket.say({ type: "join", addresses: [], name: null })
  assert.equal(page.localName.value, null)
})

test("a console that opens later joins the page", () => {
  const { page, socket } = openPage()
  const layout = { ...welcome().consoles[0], name: "desk2" }
  socket.say({ type: "layout", console: layout, values: { "desk2/ch1/fader": 0.1 }, meters: ["desk2/ch1/input"] })
  assert.deepEqual(page.consoles.list.value.map(({ name }) => name), ["band", "desk2"])
  assert.equal(page.store.get("desk2/ch1/fader"), 0.1)
  assert.equal(page.meters.levels.length, 1)
})

test("what needs no document never touches one", () => {
  for (const url of filesUnder("./desk/")) assert.doesNotMatch(readFileSync(url, "utf8"), /\b(document|window|innerWidth)\b\./, url.pathname)
})

test("elements never touch the socket, and nothing writes markup from text", () => {
  for (const folder of ["./elements/", "./views/"]) {
    for (const url of filesUnder(folder)) assert.doesNotMatch(readFileSync(url, "utf8"), /WebSocket|innerHTML|insertAdjacentHTML|outerHTML/, url.pathname)
  }
})

test("no file of the page is longer than the house allows", () => {
  const lines = (url) => readFileSync(url, "utf8").split("\n").length
  for (const url of filesUnder("./")) if (url.pathname.endsWith(".js")) assert.ok(lines(url) <= 151, url.pathname)
})

test("a strip that this person selects at a surface is opened once no finger is down; one that is not here is not", () => {
  const { page, store, socket } = openPage()
  store.touch("band/ch2/fader")
  socket.say({ type: "open", strip: "band/ch1" })
  assert.equal(page.view.panel.value, null)
  store.release("band/ch2/fader")
  socket.say({ type: "settle", path: "band/ch2/fader", value: 0.5, rev: 11 })
  assert.deepEqual(page.view.panel.value, { name: "strip", path: "band/ch1" })
  socket.say({ type: "open", strip: "band/ch9" })
  assert.equal(page.view.panel.value.path, "band/ch1")
})
