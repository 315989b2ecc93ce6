import assert from "node:assert/strict"
import { test } from "node:test"
import { DoubleTap, Drag, glideAt, rounded } from "../../ui/desk/drag.js"

const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`)
const dragAt = (position, extra = {}) => new Drag({ position, travel: 200, ...extra })

test("the first move only anchors, however far it jumps", () => {
  const drag = dragAt(0.5)
  assert.equal(drag.move(140, 3), null)
  assert.equal(drag.axis, null)
})

test("8 px move nothing and are never made up for; what goes beyond them counts", () => {
  const drag = dragAt(0.5)
  drag.move(0, 0)
  assert.equal(drag.move(7, 0), null)
  near(drag.move(10, 0), 0.51)
  near(drag.move(28, 0), 0.6)
})

test("a slow page that hears of a drag in one leap moves by the same travel", () => {
  const drag = dragAt(0.5)
  drag.move(0, 0)
  near(drag.move(-48, 0), 0.3)
})

test("a sideways move keeps the fader for the whole touch", () => {
  const drag = dragAt(0.5)
  drag.move(0, 0)
  drag.move(2, 10)
  assert.equal(drag.axis, "across")
  assert.equal(drag.move(150, 12), null)
  assert.equal(drag.sideways(30), 22)
})

test("a fader once moving does not mind the other axis", () => {
  const drag = dragAt(0.5)
  drag.move(0, 0)
  drag.move(10, 0)
  near(drag.move(28, 90), 0.6)
})

test("a second finger makes it ten times finer, from where it stands", () => {
  const drag = dragAt(0.5, { lock: 0 })
  drag.move(0, 0)
  near(drag.move(20, 0), 0.6)
  near(drag.move(40, 0, true), 0.61)
  near(drag.move(60, 0), 0.71)
})

test("beyond the end the cap waits for the finger to come back", () => {
  const drag = dragAt(0.9, { lock: 0 })
  drag.move(0, 0)
  assert.equal(drag.move(60, 0), 1)
  assert.equal(drag.move(30, 0), 1)
  near(drag.move(10, 0), 0.95)
})

test("a tap is short and does not wander", () => {
  const still = dragAt(0.5, { at: 1000 })
  assert.ok(still.isTap(1200))
  assert.ok(!still.isTap(1400))
  still.move(0, 0)
  still.move(20, 0)
  assert.ok(!still.isTap(1200))
})

test("two taps 50 to 300 ms apart are a double-tap; a bounce and a slow pair are not", () => {
  const pairs = [[30, false], [60, true], [290, true], [310, false]]
  for (const [pause, double] of pairs) {
    const taps = new DoubleTap()
    taps.tapped(0, 80)
    assert.equal(taps.tapped(80 + pause, 80 + pause + 50), double, `${pause} ms`)
  }
})

test("three taps are one double-tap and a single one", () => {
  const taps = new DoubleTap()
  assert.deepEqual([taps.tapped(0, 50), taps.tapped(150, 200), taps.tapped(300, 350)], [false, true, false])
})

test("a glide starts where the fader stood and lands after 300 ms", () => {
  assert.equal(glideAt(0.2, 0.75, 0), 0.2)
  assert.ok(glideAt(0.2, 0.75, 150) > 0.2 && glideAt(0.2, 0.75, 150) < 0.75)
  assert.equal(glideAt(0.2, 0.75, 300), 0.75)
})

test("a position travels with five decimals, or on the console's own steps", () => {
  assert.equal(rounded(0.123456789), 0.12346)
  assert.equal(rounded(0.5012, 201), 0.5)
})
