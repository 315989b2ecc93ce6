import assert from "node:assert/strict"
import { test } from "node:test"
import { decibels, iec, Meters } from "../../ui/desk/meters.js"

function frame(...bytes) {
  return new Uint8Array([1, 7, 0, 0, 0, ...bytes]).buffer
}

function opened(count = 1) {
  const meters = new Meters()
  meters.open(Array.from({ length: count }, (_, tap) => `band/ch${tap + 1}/input`))
  meters.tick(0)
  return meters
}

const byte = (db) => db * 2 + 216

test("a byte is half decibels above −108, and 0 is silence", () => {
  assert.deepEqual([0, 216, 204, 255].map(decibels), [-Infinity, 0, -6, 19.5])
})

test("a meter rises at once and falls 20 dB in 1.5 s", () => {
  const meters = opened()
  meters.frame(frame(byte(-6)))
  meters.tick(16)
  assert.equal(meters.levels[0], -6)
  meters.tick(1516)
  assert.ok(Math.abs(meters.levels[0] + 26) < 0.01)
})

test("the loudest reading between two drawn frames is the one shown", () => {
  const meters = opened()
  for (const db of [-30, -9, -40]) meters.frame(frame(byte(db)))
  meters.tick(16)
  assert.equal(meters.levels[0], -9)
})

test("the hold line stays for 1.5 s, then falls", () => {
  const meters = opened()
  meters.frame(frame(byte(-6)))
  meters.tick(16)
  meters.tick(1500)
  assert.equal(meters.holds[0], -6)
  meters.tick(1600)
  assert.ok(meters.holds[0] < -6)
})

test("a clip stays until it is cleared", () => {
  const meters = opened(2)
  const shown = []
  meters.clipped.watch(() => shown.push([...meters.clips]))
  meters.frame(frame(byte(-0.5), byte(0)))
  meters.frame(frame(0, 0))
  assert.deepEqual([...meters.clips], [0, 1])
  meters.clearAll()
  assert.deepEqual([...meters.clips], [0, 0])
  assert.deepEqual(shown, [[0, 0], [0, 1], [0, 0]])
})

test("a layout that changes leaves the clips of the taps that stay", () => {
  const meters = opened(2)
  meters.frame(frame(0, byte(0)))
  meters.open(["band/new/input", "band/ch2/input", "band/ch1/input"])
  assert.deepEqual([...meters.clips], [0, 1, 0])
  assert.equal(meters.frame(frame(1, 2, 3)), true)
})

test("a frame of another layout or kind is not drawn", () => {
  const meters = opened(2)
  assert.equal(meters.frame(frame(200)), false)
  assert.equal(meters.frame(new Uint8Array([2, 0, 0, 0, 0, 200, 200]).buffer), false)
  meters.tick(16)
  assert.deepEqual([...meters.levels], [-Infinity, -Infinity])
})

test("after a silence the page may rest", () => {
  const meters = opened()
  meters.frame(frame(byte(0)))
  meters.tick(16)
  assert.equal(meters.quiet, false)
  for (let now = 100; now < 12000; now += 100) meters.tick(now)
  assert.equal(meters.quiet, true)
})

test("the IEC scale has its known points", () => {
  assert.deepEqual([-80, -40, -20, 0, 6].map(iec), [0, 0.15, 0.5, 1, 1])
})

test("what a gate takes away is no level: it stands as read, falls by no law, clips nothing and lets the page rest", () => {
  const meters = new Meters()
  meters.tick(0)
  meters.open(["foh/ch1/input", "foh/ch1/gate", "foh/ch1/dyn"])
  meters.frame(frame(0, byte(0), byte(-6)))
  meters.tick(1000)
  assert.deepEqual([...meters.gains], [0, 0, -6])
  assert.deepEqual([meters.levels[2], meters.clips[1], meters.quiet], [-Infinity, 0, true])
  meters.frame(frame(0, 0, byte(0)))
  assert.deepEqual([...meters.gains], [0, 0, 0])
})
