/** Layers of one's own: their places in the bank, and how a page takes them from the server. */
import assert from "node:assert/strict"
import test from "node:test"
import { layerShown, layersOf, placesShown } from "../../ui/desk/layers.js"
import { openPage, VOCABULARY } from "./fakes.mjs"

const ROW = { id: "a1", name: "Mine", shared: false, roles: [], rev: 1, items: [{ separator: "Front" }, "band/ch2", "gone/ch7", { separator: "" }, "band/main", { separator: "End" }] }
const layers = (...list) => ({ type: "layers", layers: list })
const settled = () => new Promise((done) => setTimeout(done))

test("a layer's strips stand in its order, a missing one in its place, each after its separator", () => {
  const { page } = openPage()
  const consoles = page.consoles.list.value
  const places = (layer) => placesShown(consoles, layer, null).map(({ strip, section }) => [strip.path, strip.kind, section])
  const row = layersOf(consoles, [ROW], VOCABULARY.kinds).at(-1)
  assert.deepEqual(places(row), [["band/ch2", "channel", "Front"], ["gone/ch7", "missing", null], ["band/main", "main", ""]])
  assert.deepEqual(places(layersOf(consoles, [], VOCABULARY.kinds)[0]).map(([path]) => path), ["band/ch1", "band/ch2", "band/bus1"])
})

test("a mix shows the strips that send into it, whatever layer is chosen", () => {
  const { page } = openPage()
  const consoles = page.consoles.list.value
  const row = layersOf(consoles, [ROW], VOCABULARY.kinds).at(-1)
  assert.deepEqual(placesShown(consoles, row, page.consoles.strip("band/bus1")).map(({ strip }) => strip.path), ["band/ch1"])
})

test("a later list waits for the fingers, and of several the newest is shown", () => {
  const { page, socket } = openPage()
  const waiting = []
  socket.say(layers(ROW))
  page.layers.calm = (act) => waiting.push(act)
  socket.say(layers({ ...ROW, name: "Other" }))
  socket.say(layers({ ...ROW, name: "Newest" }))
  assert.equal(page.layers.list.value[0].name, "Mine")
  waiting[0]()
  assert.equal(page.layers.list.value[0].name, "Newest")
})

test("a page opens with a layer that its role has by default, once, and not in place of a chosen one", () => {
  const ours = { ...ROW, shared: true, roles: ["engineer"] }
  const fresh = openPage()
  fresh.socket.say(layers(ours))
  assert.equal(layerShown(fresh.page).id, "a1")
  fresh.page.prefs.layer.set("all")
  fresh.page.layers.isKnown = false
  fresh.socket.say(layers(ours))
  assert.equal(layerShown(fresh.page).id, "all")
  const chosen = openPage()
  chosen.page.prefs.layer.set("bus")
  chosen.socket.say(layers(ours))
  assert.equal(layerShown(chosen.page).id, "bus")
})

test("layers that a device alone had go to the server, and stay on the device where that refuses", async () => {
  const { page, socket, server } = openPage()
  page.people.you.set({ client: "me", role: "engineer" })
  page.prefs.layers.set([{ id: "own1", name: "Mine", strips: ["band/ch1"] }, { id: "own2", name: "Drums", strips: ["band/ch2"] }])
  page.prefs.layer.set("own1")
  server.answers["POST layers"] = { ...ROW, id: "b2", name: "Mine 2" }
  socket.say(layers(ROW))
  await settled()
  const names = server.asked.filter(({ name }) => name === "POST layers").map(({ body }) => body.name)
  assert.equal(names.length, 2)
  assert.ok(names[0] !== "Mine" && names[0].startsWith("Mine"), "this person has a layer called Mine")
  assert.deepEqual([page.prefs.layer.value, page.prefs.layers.value], ["b2", []])
  const full = openPage()
  full.page.people.you.set({ client: "me", role: "engineer" })
  full.page.prefs.layers.set([{ id: "own1", name: "Mine", strips: ["band/ch1"] }])
  full.server.answers["POST layers"] = { status: 507, body: { text: "The disk is full." } }
  full.socket.say(layers())
  await settled()
  assert.equal(full.page.prefs.layers.value.length, 1)
})

test("the bank is told of a layer once it is chosen or has changed, and of no other change of the list", () => {
  const { page, socket } = openPage()
  const seen = []
  page.layers.chosen.watch(({ id, layer }) => seen.push([id, layer?.name ?? null]))
  socket.say(layers(ROW))
  assert.deepEqual(seen, [["all", null]], "a page that shows all strips draws them once")
  page.prefs.layer.set("a1")
  socket.say(layers(ROW, { ...ROW, id: "b2", name: "Other" }))
  socket.say(layers({ ...ROW, name: "Renamed" }))
  assert.deepEqual(seen, [["all", null], ["a1", "Mine"], ["a1", "Renamed"]])
})
