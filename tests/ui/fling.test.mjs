import assert from "node:assert/strict"
import { test } from "node:test"
import { Fling, rolledTo } from "../../ui/desk/fling.js"

function flung(points, lift) {
  const fling = new Fling()
  for (const [at, time] of points) fling.follow(at, time)
  return fling.leave(lift)
}

test("a row goes on as fast as the finger left it, ever slower, and comes to rest at its goal", () => {
  const goal = flung([[0, 0], [16, 16], [32, 32], [48, 48]], 50)
  const at = (elapsed) => rolledTo(0, goal, elapsed)
  assert.ok(at(16) > 12 && at(16) < 16, `${at(16)} px in the first frame, after 1 px per ms`)
  assert.ok(at(32) - at(16) < at(16))
  assert.equal(at(3000), goal)
  assert.equal(at(0), 0)
})

test("it goes the way of the finger", () => {
  assert.ok(flung([[48, 0], [32, 16], [16, 32]], 33) < 0)
  assert.ok(rolledTo(500, 300, 16) < 500)
})

test("a finger that rests before it lifts leaves no momentum", () => {
  assert.equal(flung([[0, 0], [40, 16], [80, 32]], 300), 0)
  assert.equal(flung([[0, 0], [0.1, 50], [0.2, 90]], 95), 0)
  assert.equal(flung([[0, 0]], 1), 0)
  assert.equal(flung([], 1), 0)
})
