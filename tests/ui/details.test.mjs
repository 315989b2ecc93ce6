import assert from "node:assert/strict"
import { test } from "node:test"
import { groupsOf, inOrder, localsOf, PAGES, wordFor, wordOn } from "../../ui/views/details/table.js"

const stripWith = (...locals) => ({ params: Object.fromEntries(locals.map((local) => [local, 0])) })
const page = (name) => PAGES.find((one) => one.name === name)

test("every param of a strip stands on one page, also one that nobody foresaw", () => {
  const locals = ["gain", "lowcut/freq", "eq/1/freq", "gate/on", "dyn/ratio", "send/bus1/level", "dca/1", "link", "automix/weight", "reverb/time", "echo/time", "sparkle"]
  const strip = stripWith(...locals, "fader", "name", "fader/text")
  assert.deepEqual(PAGES.flatMap((one) => localsOf(strip, one)).sort(), [...locals].sort())
  assert.deepEqual(localsOf(strip, page("Effect")), ["reverb/time", "echo/time"])
  assert.deepEqual(localsOf(strip, page("More")), ["sparkle"])
})

test("the solo bus and the masters have pages of their own, where a mono switch is no way to a mono bus", () => {
  const pagesOf = (strip) => Object.fromEntries(PAGES.map((one) => [one.name, localsOf(strip, one)]).filter(([, locals]) => locals.length))
  const solo = { ...stripWith("mode", "fader", "mute", "dim", "mono"), kind: "solo" }
  assert.deepEqual(pagesOf(solo), { Solo: ["mode", "dim", "mono"] })
  assert.deepEqual(["mode", "dim", "mono"].map((local) => wordOn(solo, local)), ["Listen", "Dim", "Mono"])
  const mix = { ...stripWith("delay/on", "eq/on", "limiter", "ceiling", "mono"), kind: "bus" }
  assert.deepEqual(pagesOf(mix), { Output: ["delay/on", "limiter", "ceiling", "mono"], EQ: ["eq/on"] })
  assert.equal(wordOn(mix, "mono"), "Mono")
  const desk = { ...stripWith("main", "mono", "mono_level"), kind: "bus" }
  assert.deepEqual(pagesOf(desk), { Sends: ["main", "mono", "mono_level"] })
  assert.equal(wordOn(desk, "mono"), "To mono")
  const channel = { ...stripWith("delay/on", "gate/mode"), kind: "channel" }
  assert.deepEqual(pagesOf(channel), { Input: ["delay/on"], Gate: ["gate/mode"] })
  assert.equal(wordOn(channel, "gate/mode"), "Mode")
})

test("a strip of a simple console has nothing for the further pages", () => {
  const strip = stripWith("fader", "mute", "pan", "solo", "name", "color", "rec")
  assert.deepEqual(PAGES.filter((one) => localsOf(strip, one).length), [])
})

test("params that belong together stand together, what is reached for most first", () => {
  assert.deepEqual([...groupsOf(["gain", "delay/on", "trim", "delay/time"])], [["", ["gain", "trim"]], ["delay", ["delay/on", "delay/time"]]])
  assert.deepEqual(inOrder(["dyn/mode", "dyn/mix", "dyn/threshold", "dyn/ratio"]), ["dyn/threshold", "dyn/ratio", "dyn/mix", "dyn/mode"])
  assert.deepEqual(["dyn/makeup", "sparkle", "mono_level", "eq/1/q"].map(wordFor), ["Make-up", "Sparkle", "Mono level", "Q"])
  const keyed = groupsOf(["gate/range", "gate/filter/on", "gate/filter/type"])
  assert.deepEqual([...keyed.keys()].map(wordFor), ["Gate", "Key filter"])
})
