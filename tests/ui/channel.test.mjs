import assert from "node:assert/strict"
import { test } from "node:test"
import { beside, neighbours } from "../../ui/desk/neighbours.js"
import { openPage } from "./fakes.mjs"

const row = ["a", "b", "c"].map((path) => ({ path }))

test("neighbours go round, and where there is no other strip there is none", () => {
  assert.deepEqual(beside(row, "b"), { before: row[0], after: row[2] })
  assert.deepEqual(beside(row, "a"), { before: row[2], after: row[1] })
  assert.deepEqual(beside(row, "c"), { before: row[1], after: row[0] })
  assert.deepEqual(beside(row.slice(0, 1), "a"), { before: null, after: null })
  assert.deepEqual(beside(row, "x"), { before: null, after: null })
})

test("a page walks along the strips that it shows, then their mains; in a mix along its sends, then its master", () => {
  const { page } = openPage()
  const walk = (path) => {
    const { before, after } = neighbours(page, path)
    return [before?.path, after?.path]
  }
  assert.deepEqual(walk("band/ch1"), ["band/main", "band/ch2"])
  assert.deepEqual(walk("band/main"), ["band/bus1", "band/ch1"])
  page.view.mix.set("band/bus1")
  assert.deepEqual(walk("band/ch1"), ["band/bus1", "band/bus1"])
  assert.deepEqual(walk("band/ch2"), ["band/ch1", "band/bus1"], "no part of the mix: the strips of its own console")
  assert.deepEqual(walk("band/ch9"), [undefined, undefined])
})
