import assert from "node:assert/strict"
import { test } from "node:test"
import { printPlace } from "../../ui/desk/place.js"
import { Trail } from "../../ui/desk/trail.js"

const MAIN = { mix: null, layer: "all", spill: null, panel: null, tab: null }
const MIX = { ...MAIN, mix: "band/bus1" }
const STRIP = { ...MIX, panel: { name: "strip", path: "band/ch1" }, tab: "eq" }

/** A browser's history with the page on it: what is shown follows at once, as the page's views do. */
class Browser {
  entries = [{ state: null, address: "" }]
  at = 0
  left = false
  /** Ways that the browser has begun and not yet gone, where it takes time for them. */
  onTheWay = null

  constructor(address = "") {
    this.entries[0].address = address
    this.load()
  }

  get state() {
    return this.entries[this.at].state
  }

  get address() {
    return this.entries[this.at].address
  }

  pushState(state, _, address) {
    this.entries.splice(++this.at, Infinity, { state: JSON.parse(JSON.stringify(state)), address })
  }

  replaceState(state, _, address) {
    this.entries[this.at] = { state: JSON.parse(JSON.stringify(state)), address }
  }

  go(by) {
    if (this.at + by < 0) return (this.left = true)
    if (this.at + by >= this.entries.length) return
    const at = this.at + by
    const way = () => [(this.at = at), this.trail.arrive(this.state, this.address)]
    if (this.onTheWay) this.onTheWay.push(way)
    else way()
  }

  load() {
    this.trail = new Trail(this, (place) => this.show(place))
    this.show(this.trail.open(this.address) ?? MAIN)
  }

  show(place) {
    this.place = place
    this.trail.follow(place)
  }

  type(address) {
    this.entries.splice(++this.at, Infinity, { state: null, address })
    this.trail.arrive(null, address)
  }
}

function inStrip() {
  const browser = new Browser()
  browser.trail.touched()
  for (const place of [MIX, STRIP]) browser.show(place)
  return browser
}

test("Back closes panel, then mix, then asks, then leaves; Forward opens them again", () => {
  const browser = inStrip()
  const back = [1, 2].map(() => [browser.go(-1), browser.address][1])
  assert.deepEqual(back, ["#/mix/band/bus1", "#/layer/all"])
  assert.equal(browser.trail.leaving.value, false)
  browser.go(-1)
  assert.equal(browser.trail.leaving.value, true)
  assert.deepEqual([browser.place, browser.left], [MAIN, false])
  browser.trail.stay()
  assert.equal(browser.trail.leaving.value, false)
  const forward = [1, 2].map(() => [browser.go(1), printPlace(browser.place)][1])
  assert.deepEqual(forward, ["#/mix/band/bus1", "#/mix/band/bus1/strip/band/ch1/eq"])
  for (let n = 0; n < 4; n += 1) browser.go(-1)
  assert.equal(browser.left, true)
})

test("what a key closes, Back does not open again, and Forward does", () => {
  const browser = inStrip()
  browser.show(MAIN)
  assert.equal(browser.address, "#/layer/all")
  browser.go(1)
  assert.deepEqual(browser.place, MIX)
  browser.show(MAIN)
  browser.go(-1)
  assert.equal(browser.trail.leaving.value, true)
})

test("Back leads to where the page is now, not to what an older entry says", () => {
  const browser = inStrip()
  browser.show({ ...STRIP, mix: "band/bus2" })
  browser.go(-1)
  assert.equal(browser.address, "#/mix/band/bus2")
})

test("a reload begins at the same entry, with the panel that a panel was opened from", () => {
  const browser = inStrip()
  const people = { ...MIX, panel: { name: "people", from: { name: "more" } } }
  browser.show(people)
  browser.load()
  assert.deepEqual(browser.place, people)
  browser.go(-1)
  assert.equal(browser.address, "#/mix/band/bus1/panel/more")
  assert.equal(browser.entries.length, 5)
})

test("a sent address is the place where a page begins, and Back leads out of it level by level", () => {
  const browser = new Browser("#/mix/band/bus1/strip/band/ch1/eq")
  assert.deepEqual(browser.place, { ...STRIP, layer: null })
  browser.trail.touched()
  browser.go(-1)
  assert.equal(browser.address, "#/mix/band/bus1")
})

test("an address typed on the page is shown in place of what stood there", () => {
  const browser = inStrip()
  browser.type("#/mix/band/bus2")
  assert.equal(browser.place.mix, "band/bus2")
  assert.equal(browser.address, "#/mix/band/bus2")
  browser.go(-1)
  assert.equal(browser.place.mix, null)
})

test("an address followed while a panel that closed is on its way out of the history does not open that panel again", () => {
  const browser = inStrip()
  browser.onTheWay = []
  browser.show(MAIN)
  browser.type("#/")
  while (browser.onTheWay.length) browser.onTheWay.shift()()
  assert.equal(browser.place.panel, null)
  assert.equal(browser.state.depth, 1)
})

test("an untouched page leaves nothing in the history", () => {
  const browser = new Browser()
  browser.show(MIX)
  assert.equal(browser.entries.length, 1)
  assert.equal(browser.address, "#/mix/band/bus1")
})
