/** Groups over consoles, as a page reads them from their lists. */
import assert from "node:assert/strict"
import test from "node:test"
import { groupsOver, listed, membersOf, mixersOf, stripsIn, toggled } from "../../ui/desk/mute-groups.js"

const strip = (path) => ({ path, has: () => false, params: {} })
const house = { name: "house", driver: "house", params: ["muted", "mutegroup/2", "mutegroup/2/members"], strips: [strip("house/dca1")] }
const band = { name: "band", driver: "demo", params: [], strips: [strip("band/ch1")] }

test("groups over consoles are those of our own console, DCAs first", () => {
  assert.deepEqual(groupsOver([band, house]), ["house/dca1", "house/mutegroup/2"])
  assert.deepEqual(groupsOver([band]), [])
  assert.deepEqual(mixersOf([band, house]), [band])
})

test("the members of a group over consoles stand in its one list", () => {
  const store = new Map([["house/dca1/members", "band/ch1 foh/ch2"]])
  assert.deepEqual(membersOf(house, "dca1"), ["house/dca1/members"])
  assert.deepEqual(stripsIn(house, "dca1", store), ["band/ch1", "foh/ch2"])
  assert.deepEqual(stripsIn(house, "mutegroup/2", store), [])
})

test("a member is added at the end, and taken out where it is", () => {
  assert.equal(toggled("", "band/ch1"), "band/ch1")
  assert.equal(toggled("band/ch1 foh/ch2", "band/ch3"), "band/ch1 foh/ch2 band/ch3")
  assert.equal(toggled("band/ch1 foh/ch2", "band/ch1"), "foh/ch2")
  assert.deepEqual(listed(null), [])
})
