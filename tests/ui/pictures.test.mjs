import assert from "node:assert/strict"
import { test } from "node:test"
import { correlationText, loudnessOf, lufsText } from "../../ui/desk/loudness.js"
import { Pictures } from "../../ui/desk/pictures.js"

const KICK = "band/ch1/spectrum"
const LOUDNESS = "band/main/loudness"
const step = () => new Promise((done) => queueMicrotask(done))

function opened(online = true) {
  const sent = []
  const link = { online, send: (frame) => link.online && sent.push(frame) > 0 }
  return { link, sent, pictures: new Pictures(link) }
}

function frame(path, ...body) {
  const name = new TextEncoder().encode(path)
  return new Uint8Array([3, name.length, ...name, ...body]).buffer
}

test("a page asks once for all that it looks at, and again when that changes", async () => {
  const { sent, pictures } = opened()
  const [first, second] = [pictures.look(KICK, () => {}), pictures.look(LOUDNESS, () => {})]
  await step()
  assert.deepEqual(sent, [{ type: "look", at: [KICK, LOUDNESS] }])
  const third = pictures.look(KICK, () => {})
  first()
  await step()
  assert.equal(sent.length, 1, "somebody still looks at the same")
  third()
  second()
  await step()
  assert.deepEqual(sent.at(-1), { type: "look", at: [] })
})

test("a picture is handed to who looks at it, and nothing else is taken for one", () => {
  const { pictures } = opened()
  const seen = []
  pictures.look(KICK, (bytes) => seen.push([...bytes]))
  assert.equal(pictures.frame(frame(KICK, 1, 2, 3)), true)
  assert.equal(pictures.frame(frame(LOUDNESS, 9)), true, "one that came too late")
  assert.equal(pictures.frame(new Uint8Array([1, 0, 0, 0, 0, 7]).buffer), false)
  assert.deepEqual(seen, [[1, 2, 3]])
})

test("who looks later gets the newest at once, for one that stays as it is comes once; without a link there is none", () => {
  const { pictures } = opened()
  const seen = []
  pictures.look(KICK, () => {})
  pictures.frame(frame(KICK, 7))
  const stop = pictures.look(KICK, (bytes) => seen.push([...bytes]))
  pictures.drop()
  stop()
  pictures.frame(frame(KICK, 8))
  assert.deepEqual(seen, [[7], []])
})

test("a hidden page looks at nothing, and a new link is asked anew", async () => {
  const { link, sent, pictures } = opened()
  pictures.look(KICK, () => {})
  await step()
  pictures.show(false)
  await step()
  pictures.show(true)
  await step()
  link.online = false
  pictures.look(LOUDNESS, () => {})
  await step()
  link.online = true
  pictures.open(true)
  await step()
  assert.deepEqual(sent.map(({ at }) => at), [[KICK], [], [KICK], [KICK, LOUDNESS]])
})

test("loudness is read from its bytes, and said with one decimal", () => {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  ;[-14.25, -15.5, -16, 4.5, -1, 0.75].forEach((value, place) => view.setFloat32(4 * place, value, true))
  assert.deepEqual(loudnessOf(bytes), { momentary: -14.25, shortTerm: -15.5, integrated: -16, range: 4.5, truePeak: -1, correlation: 0.75 })
  assert.deepEqual([-14.24, -Infinity, -120, 0, 1.5].map(lufsText), ["−14.2", "−∞", "−∞", "0.0", "+1.5"])
  assert.equal(loudnessOf(new Uint8Array(0)), null)
  assert.equal(lufsText(undefined), "—")
  assert.deepEqual([0.754, -0.2, 0, -0.001].map(correlationText), ["+0.75", "−0.20", "0.00", "0.00"])
})
